package org.vmcore.kernel.oops;

import java.util.Optional;

/**
 * A line of the log.
 *
 * @param nanoseconds since the boot; 0 where the log doesn't tell
 * @param caller who wrote it, where the log keeps it
 * @param text without its newline
 */
public record LogLine(long nanoseconds, Optional<String> caller, String text) {}
