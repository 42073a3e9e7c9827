/**
 * What a dump holds of its kernel.
 *
 * <p>Start with {@link org.vmcore.kernel.Kernel}: it gives the kernel's {@link
 * org.vmcore.kernel.symbols.Symbols} and its {@link org.vmcore.kernel.log.KernelLog}, which have
 * rooms of their own.
 */
@NullMarked
package org.vmcore.kernel;

import org.jspecify.annotations.NullMarked;
