package org.vmcore.kernel.log;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a record goes on with the one before it, of the same writer. The kernel marks a record
 * that may do so, also where the line before came to its end (FORMATS.md, 220).
 */
final class LineEnds {
  private static final int NEWLINE = 2; // LOG_NEWLINE
  private static final int CONTINUATION = 8; // LOG_CONT

  /** Of so many writers the last record is remembered. */
  private static final int MOST = 1 << 10;

  private final Map<String, Boolean> ended = new LinkedHashMap<>();

  /** Takes the records in their order, and tells it of each. */
  boolean goesOn(int flags, Optional<String> caller) {
    String writer = caller.orElse("");
    boolean isBehindEnd = ended.getOrDefault(writer, false);
    if (ended.size() == MOST) {
      ended.clear();
    }
    ended.put(writer, (flags & NEWLINE) != 0);
    return (flags & CONTINUATION) != 0 && !isBehindEnd;
  }
}
