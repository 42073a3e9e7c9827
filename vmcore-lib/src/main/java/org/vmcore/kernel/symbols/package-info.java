/**
 * The names and addresses of a kernel and its modules: kallsyms, a System.map, and the tables of
 * modules.
 *
 * <p>Debug information, and with it the types of what a name stands for, isn't here.
 *
 * <p>Start with {@link org.vmcore.kernel.symbols.Symbols}, which {@code Kernel} gives. Inside,
 * {@code Kallsyms} and {@code SystemMap} are the two tables of the kernel, {@code ExportTable} what
 * stands in for data that kallsyms lacks, {@code LoadedModules} the tables of its modules.
 */
@NullMarked
package org.vmcore.kernel.symbols;

import org.jspecify.annotations.NullMarked;
