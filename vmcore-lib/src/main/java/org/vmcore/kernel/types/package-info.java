/**
 * The types of a kernel and its modules, as BTF in the kernel's memory or in a file describes them.
 *
 * <p>Values of such types aren't here but in {@code kernel.objects}.
 *
 * <p>Start with {@link org.vmcore.kernel.types.Types}, which {@code Kernel} gives. Inside, {@code
 * Btf} is one table of types, from which each {@link org.vmcore.kernel.types.Type} is decoded when
 * it is asked for.
 */
@NullMarked
package org.vmcore.kernel.types;

import org.jspecify.annotations.NullMarked;
