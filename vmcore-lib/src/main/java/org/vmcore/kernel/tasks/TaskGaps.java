package org.vmcore.kernel.tasks;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.vmcore.kernel.reading.Gap;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/** What of tasks can't be had: the first gaps one by one, and how many more there are. */
final class TaskGaps {
  private static final String CHECK = "tasks";
  private static final int MOST = 32;

  private final List<Finding> gaps = new ArrayList<>();
  private final Set<Long> unreadable = new LinkedHashSet<>();
  private int more;
  private boolean isMoreLost;

  /** Something because of {@code fault}. */
  void add(String what, VmcoreException fault) {
    add(Gap.of(CHECK, what, fault));
  }

  private void add(Finding gap) {
    if (gaps.size() < MOST) {
      gaps.add(gap);
    } else {
      more++;
      isMoreLost |= gap.severity() == Finding.Severity.ERROR;
    }
  }

  /** The task at this address can't be read. */
  void task(long address, VmcoreException fault) {
    if (unreadable.add(address)) {
      add("the task at " + Hex.of(address), fault);
    }
  }

  /** Whether the task at this address is one that can't be read. */
  boolean has(long address) {
    return unreadable.contains(address);
  }

  /** All of them. */
  List<Finding> all() {
    List<Finding> all = new ArrayList<>(gaps);
    if (more > 0) {
      Finding.Severity severity = isMoreLost ? Finding.Severity.ERROR : Finding.Severity.WARNING;
      String line = more + " more of the like";
      all.add(new Finding(CHECK, severity, OptionalLong.empty(), line));
    }
    return all;
  }
}
