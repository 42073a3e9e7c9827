/**
 * What a dump holds of its kernel: its VMCOREINFO, its memory, its name and version.
 *
 * <p>Its log and its symbols have rooms of their own, {@code kernel.log} and {@code
 * kernel.symbols}, which this one is above; all of them read by {@code kernel.reading}. Page tables
 * are {@code mmu}'s.
 *
 * <p>Start with {@link org.vmcore.kernel.Kernel}: it gives the {@link
 * org.vmcore.kernel.symbols.Symbols} and the {@link org.vmcore.kernel.log.KernelLog}.
 */
@NullMarked
package org.vmcore.kernel;

import org.jspecify.annotations.NullMarked;
