/**
 * The command {@code crash}: the first minute of a crash on one screen.
 *
 * <p>What it tells is the library's {@code Crash}. Start with {@link
 * org.vmcore.cli.crash.CrashCommand}; {@code CrashText} writes it for people, {@code CrashJson} as
 * JSON.
 */
@NullMarked
package org.vmcore.cli.crash;

import org.jspecify.annotations.NullMarked;
