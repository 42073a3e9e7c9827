package org.vmcore.kernel.oops;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.values.Described;

/**
 * A line of the log.
 *
 * @param nanoseconds since the boot; 0 where the log doesn't tell
 * @param caller who wrote it, where the log keeps it
 * @param isOfKernel whether the kernel wrote it, not a program
 * @param text without its newline
 */
public record LogLine(long nanoseconds, Optional<String> caller, boolean isOfKernel, String text) {
  /** Those of {@code lines} that the kernel wrote. */
  static List<LogLine> ofKernel(List<LogLine> lines) {
    List<LogLine> own = new ArrayList<>(lines.size());
    for (LogLine line : lines) {
      if (line.isOfKernel()) {
        own.add(line);
      }
    }
    return own;
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("LogLine")
        .add("nanoseconds", nanoseconds)
        .add("caller", caller)
        .add("isOfKernel", isOfKernel)
        .add("text", text)
        .toString();
  }
}
