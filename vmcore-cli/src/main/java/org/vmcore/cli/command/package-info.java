/**
 * The frame of all commands, and the commands on a dump itself.
 *
 * <p>Start with {@link org.vmcore.cli.command.Subcommand}, what every command is, then read {@code
 * SegmentsCommand}, a list of records. Each command is one class: its help and its options, and how
 * it runs, as options, the library, what is printed. {@code Report} is the frame of those that
 * print records: it opens the dump, chooses text or JSON, and gives the exit status.
 *
 * <p>Commands that ask the crashed kernel are in {@link org.vmcore.cli.kernel}.
 */
@NullMarked
package org.vmcore.cli.command;

import org.jspecify.annotations.NullMarked;
