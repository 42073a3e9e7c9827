/**
 * The command {@code type}: types of the kernel's in C, and objects by their types.
 *
 * <p>Start with {@link org.vmcore.cli.type.TypeCommand}. A {@code Subject} is what its arguments
 * name; {@code TypeReport} prints that.
 *
 * <p>How a declaration is written stands in {@code org.vmcore.kernel.declaration} of the library.
 */
@NullMarked
package org.vmcore.cli.type;

import org.jspecify.annotations.NullMarked;
