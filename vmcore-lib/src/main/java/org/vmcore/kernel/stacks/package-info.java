/**
 * The stacks of a kernel's tasks, unwound as the kernel unwinds them itself, without debuginfo:
 * {@link org.vmcore.kernel.stacks.Stacks} finds where each begins, {@link
 * org.vmcore.kernel.stacks.Stack} is what was found.
 *
 * <p>What is special to an architecture is behind {@code StackArchitecture}. The unwinders know
 * memory, ORC tables and the stacks' bounds by small interfaces alone. Tasks and types aren't here.
 * Start with {@link org.vmcore.kernel.stacks.Stacks}.
 */
@NullMarked
package org.vmcore.kernel.stacks;

import org.jspecify.annotations.NullMarked;
