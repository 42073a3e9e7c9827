/**
 * The kernel as a whole at the time of its crash: how long it ran, its load, its taints, its
 * memory.
 *
 * <p>Start with {@link org.vmcore.kernel.system.SystemState}, which {@code Kernel} gives.
 */
@NullMarked
package org.vmcore.kernel.system;

import org.jspecify.annotations.NullMarked;
