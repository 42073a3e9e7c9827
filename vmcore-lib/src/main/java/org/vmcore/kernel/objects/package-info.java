/**
 * The kernel's memory by its types: structures at addresses, their members by path, variables and
 * those that each CPU has for itself.
 *
 * <p>What a structure means isn't here: tasks, modules and stacks have rooms of their own. Start
 * with {@link org.vmcore.kernel.objects.KernelObjects}, which {@code Kernel} gives.
 */
@NullMarked
package org.vmcore.kernel.objects;

import org.jspecify.annotations.NullMarked;
