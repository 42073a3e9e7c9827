/**
 * The commands for gdb: {@link org.vmcore.cli.gdb.CoreCommand}, which writes a core file, and
 * {@link org.vmcore.cli.gdb.GdbCommand}, which answers gdb as a target.
 *
 * <p>What gdb is told is the library's {@code org.vmcore.gdb}.
 */
@NullMarked
package org.vmcore.cli.gdb;

import org.jspecify.annotations.NullMarked;
