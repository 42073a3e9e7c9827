/**
 * The kernel's log in the two forms that it has had: the ring of records since 5.10, and the buffer
 * before it.
 *
 * <p>Start with {@link org.vmcore.kernel.log.KernelLog}; it is given by {@code Kernel}.
 */
@NullMarked
package org.vmcore.kernel.log;

import org.jspecify.annotations.NullMarked;
