/**
 * The kernel's log in the three forms that it has had: the ring of records since 5.10, the buffer
 * of records before it, and the ring of characters before 3.5; and the line in it that says why the
 * kernel died.
 *
 * <p>How a record is printed isn't here: that is the command's.
 *
 * <p>Start with {@link org.vmcore.kernel.log.KernelLog}, which {@code Kernel} gives. Inside, {@code
 * PrintkRing}, {@code RecordBuffer} and {@code CharacterRing} are the three forms, {@code LogGaps}
 * collects what is missing.
 */
@NullMarked
package org.vmcore.kernel.log;

import org.jspecify.annotations.NullMarked;
