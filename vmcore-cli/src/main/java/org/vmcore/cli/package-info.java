/**
 * The {@code vmcore} command line: options, the library, and what it gives as text or JSON.
 *
 * <p>{@link org.vmcore.cli.Main} runs a command line; each command is one class, a {@code
 * Subcommand}.
 */
@NullMarked
package org.vmcore.cli;

import org.jspecify.annotations.NullMarked;
