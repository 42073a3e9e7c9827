/**
 * The names and addresses of a kernel and its modules: kallsyms, a System.map, and the tables of
 * modules.
 *
 * <p>Start with {@link org.vmcore.kernel.symbols.Symbols}; it is given by {@code Kernel}.
 */
@NullMarked
package org.vmcore.kernel.symbols;

import org.jspecify.annotations.NullMarked;
