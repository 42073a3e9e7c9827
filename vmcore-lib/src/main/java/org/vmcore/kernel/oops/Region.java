package org.vmcore.kernel.oops;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The lines of one report, as far as they were written by the one who began it. */
final class Region {
  private static final String HARDWARE = "Hardware name: ";
  private static final String MODULES = "Modules linked in:";

  /** A report of more lines isn't read to its end. */
  private static final int MOST = 8192;

  private final List<LogLine> lines;

  private Region(List<LogLine> lines) {
    this.lines = lines;
  }

  /** Those in {@code [from, to)}, of which the log may tell that others wrote them. */
  static Region of(List<LogLine> all, int from, int to) {
    List<LogLine> lines = new ArrayList<>();
    int end = Math.min(to, from + MOST);
    for (int i = from; i < end; i++) {
      LogLine line = all.get(i);
      if (line.isOfKernel() && line.caller().equals(all.get(from).caller())) {
        lines.add(line);
      }
    }
    return new Region(lines);
  }

  List<LogLine> lines() {
    return lines;
  }

  Optional<CpuLine> cpu() {
    for (LogLine line : lines) {
      Optional<CpuLine> found = CpuLine.parse(line.text());
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  Optional<String> hardware() {
    return behind(HARDWARE);
  }

  Optional<String> modules() {
    return behind(MODULES);
  }

  private Optional<String> behind(String start) {
    for (LogLine line : lines) {
      if (line.text().startsWith(start)) {
        return Optional.of(line.text().substring(start.length()).strip());
      }
    }
    return Optional.empty();
  }

  /** What stands behind {@code start} in the first line that begins with it. */
  Optional<String> line(String start) {
    return behind(start);
  }

  boolean has(String start) {
    return behind(start).isPresent();
  }

  /** Where the kernel was: the first place, for those behind it were interrupted. */
  Optional<InstructionLine> instruction() {
    for (LogLine line : lines) {
      Optional<InstructionLine> found = InstructionLine.parse(line.text());
      if (found.isPresent() && !found.get().isOfUser()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** Where it was and who called, the innermost first. */
  List<CodePlace> frames() {
    List<CodePlace> trace = CallTrace.of(lines);
    Optional<InstructionLine> instruction = beforeTrace();
    Optional<CodePlace> place =
        instruction.isEmpty() ? Optional.empty() : instruction.get().place();
    if (place.isPresent() && (trace.isEmpty() || !trace.getFirst().equals(place.get()))) {
      trace.addFirst(place.get());
    }
    return trace;
  }

  /** A register dump in front of the trace is the trace's; others are in it. */
  private Optional<InstructionLine> beforeTrace() {
    for (LogLine line : lines) {
      Optional<InstructionLine> found = InstructionLine.parse(line.text());
      if (found.isPresent() || line.text().startsWith("Call Trace:")) {
        return found.isPresent() && found.get().isOfUser() ? Optional.empty() : found;
      }
    }
    return Optional.empty();
  }
}
