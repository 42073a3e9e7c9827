/**
 * The {@code vmcore} command line: options, the library, and what it gives as text or JSON. No
 * knowledge of dumps is in it.
 *
 * <p>{@link org.vmcore.cli.Main} runs a command line: it makes the one command that is named, lets
 * picocli parse its options, runs it, and turns every failure into a line on stderr and an exit
 * status. Here are only Main and what concerns the program as a whole. The rooms, each of which
 * knows only those before it:
 *
 * <ul>
 *   <li>{@code output}: text, tables, JSON, progress, the two streams
 *   <li>{@code bytes}: bytes of memory on their way out, and those that are missing
 *   <li>{@code help}: what the command line says of itself
 *   <li>{@code option}: options and their values
 *   <li>{@code command}: the frame of all commands, and those on a dump itself
 *   <li>{@code kernel}: commands that ask the crashed kernel
 *   <li>{@code prepare}: the command {@code prepare}
 *   <li>{@code manual}: man pages, and completion for shells
 * </ul>
 *
 * <p>To add a command, write its class in {@code command} or {@code kernel} and name it in {@code
 * Main}.
 */
@NullMarked
package org.vmcore.cli;

import org.jspecify.annotations.NullMarked;
