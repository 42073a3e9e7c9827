/**
 * Commands that ask the crashed kernel: its log, its symbols, its page tables.
 *
 * <p>Start with {@link org.vmcore.cli.kernel.SymbolCommand}. All of them open a dump, take its
 * {@link org.vmcore.kernel.Kernel}, and tell what of the answer can't be had.
 *
 * <p>Commands on the dump as it is, whatever is in it, are in {@code command}.
 */
@NullMarked
package org.vmcore.cli.kernel;

import org.jspecify.annotations.NullMarked;
