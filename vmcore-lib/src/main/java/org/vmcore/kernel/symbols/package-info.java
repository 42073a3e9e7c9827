/**
 * The names and addresses of a kernel and its modules: kallsyms, a System.map, and the tables of
 * modules.
 *
 * <p>Debug information, and with it the types of what a name stands for, isn't here.
 *
 * <p>Start with {@link org.vmcore.kernel.symbols.Symbols}, which {@code Kernel} gives. Inside,
 * {@code Kallsyms} and {@code SystemMap} are the two tables of the kernel, {@code LoadedModules}
 * those of its modules.
 *
 * <p>The 25 classes share what only they know, tokens, gaps and patterns: no room of them is apart.
 */
@NullMarked
package org.vmcore.kernel.symbols;

import org.jspecify.annotations.NullMarked;
