/**
 * How a command writes what it has to say.
 *
 * <p>Start with {@link org.vmcore.cli.output.Console}, a process's two streams: data to stdout, all
 * else to stderr. {@link org.vmcore.cli.output.TextOut} is text on its way to stdout.
 *
 * <p>A {@link org.vmcore.cli.output.Field} is one thing that is told, declared once: its name, its
 * kind, its column and what it means; {@link org.vmcore.cli.output.Fields} are those of a document
 * or a record. A command sets the values of a {@link org.vmcore.cli.output.Row}, which is a {@link
 * org.vmcore.cli.output.Table}'s line or an object of {@link org.vmcore.cli.output.Json}.
 *
 * <p>What is printed is decided elsewhere: nothing here knows options, and of a dump only what
 * fails. Bytes of memory are written by {@code bytes}.
 */
@NullMarked
package org.vmcore.cli.output;

import org.jspecify.annotations.NullMarked;
