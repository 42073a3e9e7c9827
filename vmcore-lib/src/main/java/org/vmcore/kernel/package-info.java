/**
 * What a dump holds of its kernel: {@link org.vmcore.kernel.Kernel} gives its {@link
 * org.vmcore.kernel.Symbols} and its {@link org.vmcore.kernel.KernelLog}.
 */
@NullMarked
package org.vmcore.kernel;

import org.jspecify.annotations.NullMarked;
