/**
 * What a dump holds of its kernel: its VMCOREINFO, its memory, its name and version.
 *
 * <p>Its log, its symbols, its types and what they describe have rooms of their own, which this one
 * is above; all of them read by {@code kernel.reading}. Page tables are {@code mmu}'s.
 *
 * <p>Start with {@link org.vmcore.kernel.Kernel}: it gives the {@link
 * org.vmcore.kernel.symbols.Symbols}, the {@link org.vmcore.kernel.log.KernelLog}, the {@link
 * org.vmcore.kernel.types.Types}.
 */
@NullMarked
package org.vmcore.kernel;

import org.jspecify.annotations.NullMarked;
