/**
 * How the rooms of a kernel's contents read them: {@link org.vmcore.kernel.reading.KernelReader}
 * numbers and bytes at kernel virtual addresses, {@link org.vmcore.kernel.reading.StructLayout} the
 * fields of structures that VMCOREINFO tells of.
 *
 * <p>What is read by it, the log and the symbols, isn't here. Start with {@link
 * org.vmcore.kernel.reading.KernelSource}.
 */
@NullMarked
package org.vmcore.kernel.reading;

import org.jspecify.annotations.NullMarked;
