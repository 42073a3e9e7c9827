package org.vmcore.kernel.oops;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The frames that a call trace in the log tells, the innermost first: those that the kernel was
 * sure of.
 */
final class CallTrace {
  private static final int MOST = 1024;

  /** What ends a call trace. */
  private static final String[] ENDS = {
    "---[", "Modules linked in:", "CPU: ", "Call Trace:", "Call trace:", "=====", "Kernel Offset:",
  };

  private final List<CodePlace> frames = new ArrayList<>();

  private CallTrace() {}

  /** The frames behind the first {@code Call Trace:} of these lines. */
  static List<CodePlace> of(List<LogLine> lines) {
    CallTrace trace = new CallTrace();
    int from = 0;
    while (from < lines.size() && !isTitle(lines.get(from).text())) {
      from++;
    }
    for (int i = from + 1; i < lines.size() && trace.line(lines.get(i).text()); i++) {
      // until one of them ends it
    }
    return trace.frames;
  }

  private static boolean isTitle(String line) {
    return line.startsWith("Call Trace:") || line.startsWith("Call trace:");
  }

  /** Whether the trace may go on behind {@code line}. */
  private boolean line(String line) {
    for (String end : ENDS) {
      if (line.startsWith(end)) {
        return false;
      }
    }
    Optional<InstructionLine> interrupted = InstructionLine.parse(line);
    if (interrupted.isPresent()) {
      interrupted.get().place().ifPresent(frames::add);
      return !interrupted.get().isOfUser();
    }
    if (line.startsWith(" ") || line.startsWith("[") || line.startsWith("(")) {
      frame(line);
    }
    return frames.size() < MOST;
  }

  /** A question mark stands before what was only seen on the stack, (L) behind what is in lr. */
  private void frame(String line) {
    int from = Text.skipBlanks(line, 0);
    while (from < line.length() && (line.charAt(from) == '[' || line.charAt(from) == '(')) {
      int close = line.indexOf(']', from);
      from = close < 0 ? line.length() : Text.skipBlanks(line, close + 1);
    }
    if (!line.endsWith(" (L)") && !line.startsWith("? ", from)) {
      CodePlace.at(line, from).ifPresent(frames::add);
    }
  }
}
