package org.vmcore.kernel.oops;

import java.util.List;
import java.util.Optional;

/** The line beside a report that says more than its first one. */
final class Detail {
  private static final String CUT_HERE = "------------[ cut here ]";
  private static final String HARDWARE_ERROR = "[Hardware Error]: ";

  /** How far in front of a machine check's panic its first line is sought. */
  private static final int MOST_OF_HARDWARE = 64;

  private static final String[] TELLING = {
    "list_add ", "list_add_", "list_del ", "list_del_", "slab ", "refcount_t: ", "usercopy: ",
    "kobject: ", "KASAN: ", "Write of size ", "Read of size ", "memcpy: ", "strlen: ", "strcpy: ",
  };

  private Detail() {}

  static Optional<String> of(List<LogLine> lines, int at, CrashKind kind, int near) {
    if (kind == CrashKind.MACHINE_CHECK) {
      return hardware(lines, at);
    }
    for (int i = Math.max(0, at - near); i < Math.min(lines.size(), at + near); i++) {
      if (i != at && lines.get(i).isOfKernel() && isTelling(lines.get(i).text())) {
        return Optional.of(lines.get(i).text());
      }
    }
    boolean isCut =
        at >= 2 && lines.get(at - 1).isOfKernel() && lines.get(at - 2).text().startsWith(CUT_HERE);
    return isCut ? Optional.of(lines.get(at - 1).text()) : Optional.empty();
  }

  /** Whether it stands in front of a report's first line, and belongs to it. */
  static boolean isInFront(String line) {
    return line.startsWith(CUT_HERE) || isTelling(line);
  }

  private static boolean isTelling(String line) {
    for (String start : TELLING) {
      if (line.startsWith(start)) {
        return true;
      }
    }
    return false;
  }

  private static Optional<String> hardware(List<LogLine> lines, int at) {
    for (int i = Math.max(0, at - MOST_OF_HARDWARE); i < at; i++) {
      if (lines.get(i).isOfKernel() && lines.get(i).text().contains(HARDWARE_ERROR)) {
        return Optional.of(lines.get(i).text());
      }
    }
    return Optional.empty();
  }
}
