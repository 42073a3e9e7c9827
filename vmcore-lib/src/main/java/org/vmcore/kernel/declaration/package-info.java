/**
 * Types of the kernel's written in C, with the places of members, sizes and holes, as pahole writes
 * them.
 *
 * <p>Values aren't here. Start with {@link org.vmcore.kernel.declaration.Declaration}.
 */
@NullMarked
package org.vmcore.kernel.declaration;

import org.jspecify.annotations.NullMarked;
