/**
 * How a command writes what it has to say.
 *
 * <p>Start with {@link org.vmcore.cli.output.Console}, a process's two streams: data to stdout, all
 * else to stderr. {@link org.vmcore.cli.output.TextOut} is text on its way to stdout; {@link
 * org.vmcore.cli.output.Table} and {@link org.vmcore.cli.output.Json} write records to it.
 *
 * <p>What is printed is decided elsewhere: nothing here knows options, and of a dump only what
 * fails. Bytes of memory are written by {@link org.vmcore.cli.bytes}.
 */
@NullMarked
package org.vmcore.cli.output;

import org.jspecify.annotations.NullMarked;
