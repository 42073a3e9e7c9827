/**
 * A stack unwound, given its registers, its memory and what is known of code: by ORC tables, as
 * x86_64 has them, or by frame records, as arm64 has them. {@code StackPath} sees to it that it
 * ends, whatever memory holds.
 *
 * <p>Where stacks begin, and whose they are, isn't here. Start with {@link
 * org.vmcore.kernel.unwind.OrcUnwinder}.
 */
@NullMarked
package org.vmcore.kernel.unwind;

import org.jspecify.annotations.NullMarked;
