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
    "---[",
    "Modules linked in:",
    "CPU: ",
    "Call Trace:",
    "Call trace:",
    "=====",
    "Kernel Offset:",
    "Last Breaking-Event-Address:",
    "Instruction dump:",
    "Code: ",
    "Exception stack(",
  };

  /** ppc64: what an exception interrupted; since 5.12 its registers follow. */
  private static final String INTERRUPT = "--- interrupt: ";

  /** arm before 6.2: {@code [<c0109f1c>] (f) from [<c01063c0>] (g+0x10/0x14)}; then without any. */
  private static final String FROM = " from ";

  private final List<CodePlace> frames = new ArrayList<>();

  private CallTrace() {}

  /** The frames behind the first {@code Call Trace:} of these lines, or what has its place. */
  static List<CodePlace> of(List<LogLine> lines) {
    CallTrace trace = new CallTrace();
    int from = 0;
    while (from < lines.size() && !isTitle(lines.get(from).text())) {
      from++;
    }
    boolean isFrame = from < lines.size() && isCaller(lines.get(from).text());
    for (int i = isFrame ? from : from + 1;
        i < lines.size() && trace.line(lines.get(i).text());
        i++) {
      // until one of them ends it
    }
    return trace.frames;
  }

  /** Of an oops of riscv the last line of registers stands in front, on arm nothing before 6.2. */
  private static boolean isTitle(String line) {
    return line.startsWith("Call Trace:")
        || line.startsWith("Call trace:")
        || (line.startsWith("status: ") && line.contains(" cause: "))
        || isCaller(line);
  }

  private static boolean isCaller(String line) {
    int from = line.startsWith(" ") ? line.indexOf(FROM) : -1;
    return (from > 0 && CodePlace.at(line, from + FROM.length()).isPresent())
        || (line.startsWith("[<") && line.contains(") from [<"));
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
      interrupted.get().place().ifPresent(this::interrupted);
      return !interrupted.get().isOfUser();
    }
    if (line.startsWith(INTERRUPT)) {
      int at = line.indexOf(" at ");
      CodePlace.at(line, at < 0 ? line.length() : at + 4).ifPresent(this::interrupted);
      return true;
    }
    if (line.startsWith(" ") || line.startsWith("[") || line.startsWith("(")) {
      frame(line);
    }
    return frames.size() < MOST;
  }

  /** Where it was interrupted may be told twice. */
  private void interrupted(CodePlace place) {
    if (frames.isEmpty() || !frames.getLast().equals(place)) {
      frames.add(place);
    }
  }

  /**
   * A question mark stands before what was only seen on the stack, (unreliable) behind it on ppc64,
   * (L) behind what is in lr; s390 has it in round brackets.
   */
  private void frame(String line) {
    int caller = line.indexOf(FROM);
    int from = Text.skipBlanks(line, caller < 0 ? 0 : caller + FROM.length());
    boolean isGuess = line.charAt(0) == '(' || line.startsWith("([");
    while (from < line.length() && (line.charAt(from) == '[' || line.charAt(from) == '(')) {
      int close = line.indexOf(']', from);
      from = close < 0 ? line.length() : Text.skipBlanks(line, close + 1);
      isGuess &= caller < 0;
      if (caller >= 0 && line.startsWith("(", from)) {
        CodePlace.at(line.replace(')', ' '), from + 1).ifPresent(frames::add);
        return;
      }
    }
    if (!isGuess
        && !line.endsWith(" (L)")
        && !line.endsWith(" (unreliable)")
        && !line.startsWith("? ", from)) {
      CodePlace.at(line, from).ifPresent(frames::add);
    }
  }
}
