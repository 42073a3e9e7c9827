/**
 * The tasks of a kernel at the time of its crash: processes, threads, the CPUs' idle tasks.
 *
 * <p>What a task was doing, its stack, isn't here. Start with {@link
 * org.vmcore.kernel.tasks.Tasks}, which {@code Kernel} gives.
 */
@NullMarked
package org.vmcore.kernel.tasks;

import org.jspecify.annotations.NullMarked;
