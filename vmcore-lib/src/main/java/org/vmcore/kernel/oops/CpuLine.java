package org.vmcore.kernel.oops;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * The line that says who: {@code CPU: 1 UID: 0 PID: 260 Comm: fx-culprit Kdump: loaded Tainted: G
 * OE 6.12.1 #1}; UID is there since 6.12.
 *
 * @param taints letters, blanks left out; empty where the kernel isn't tainted
 */
record CpuLine(OptionalInt cpu, Optional<TaskName> task, String taints) {
  private static final String PID = " PID: ";
  private static final String COMM = " Comm: ";
  private static final String KDUMP = " Kdump: loaded";
  private static final String TAINTED = " Tainted: ";
  private static final String CLEAN = " Not tainted";

  static Optional<CpuLine> parse(String line) {
    int cpu = line.startsWith("CPU: ") ? Text.decimal(line, 5) : -1;
    int comm = line.indexOf(COMM);
    int pid = Text.numberBehind(line, PID);
    if (cpu < 0 || comm < 0 || pid < 0) {
      return Optional.empty();
    }
    int from = comm + COMM.length();
    int tainted = Math.max(line.lastIndexOf(TAINTED), line.lastIndexOf(CLEAN));
    int end = tainted < from ? Text.wordEnd(line, from) : tainted;
    TaskName task = new TaskName(name(line.substring(from, end)), pid);
    return Optional.of(new CpuLine(OptionalInt.of(cpu), Optional.of(task), taints(line, end)));
  }

  /** A program may call itself anything, so the last of these words are the kernel's. */
  private static String name(String text) {
    return text.endsWith(KDUMP) ? text.substring(0, text.length() - KDUMP.length()) : text;
  }

  private static String taints(String line, int from) {
    StringBuilder letters = new StringBuilder();
    if (!line.startsWith(TAINTED, from)) {
      return "";
    }
    for (int i = from + TAINTED.length(); i < line.length(); i++) {
      char c = line.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        letters.append(c);
      } else if (c != ' ') {
        break;
      }
    }
    return letters.toString();
  }
}
