/**
 * The frame of all commands, and the commands on the memory of a dump.
 *
 * <p>Start with {@code SegmentsCommand}, a list of records: its fields, its help, and how it runs.
 * Each command is one class, a {@link org.vmcore.cli.command.Subcommand}. {@link
 * org.vmcore.cli.command.Frame} opens the dump, lets the command do its work, and gives the exit
 * status; {@link org.vmcore.cli.command.Ending} says what couldn't be had. What is printed is a
 * {@link org.vmcore.cli.command.Report}, as text or as JSON, and mostly a {@link
 * org.vmcore.cli.command.Listing}, whose columns are declared once.
 *
 * <p>A command's fields are declared as {@link org.vmcore.cli.output.Field}s: the schema of its
 * JSON and the tables of the documentation are made from them.
 *
 * <p>The first look at a dump is in {@code info}, its notes in {@code note}, commands that ask the
 * crashed kernel in {@code kernel}.
 */
@NullMarked
package org.vmcore.cli.command;

import org.jspecify.annotations.NullMarked;
