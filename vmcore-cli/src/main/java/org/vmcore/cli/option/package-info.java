/**
 * Options, what their values mean, and what they open.
 *
 * <p>Start with {@link org.vmcore.cli.option.Opt}, one option, and {@link
 * org.vmcore.cli.option.DumpOptions}, by which every command on a dump opens it. The other classes
 * are groups of options that belong together ({@code …Options}), single ones that do something
 * ({@code …Option}), and values with their parsers. {@link org.vmcore.cli.option.UsageException} is
 * what options throw that don't go together.
 *
 * <p>An option that only one command has stands in that command; those of {@code prepare}, which
 * has many, in {@code prepare}.
 */
@NullMarked
package org.vmcore.cli.option;

import org.jspecify.annotations.NullMarked;
