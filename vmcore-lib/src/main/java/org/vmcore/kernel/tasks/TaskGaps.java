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

/** What of tasks can't be had. Of tasks that can't be read the first ones are told one by one. */
final class TaskGaps {
  private static final String CHECK = "tasks";
  private static final int MOST = 16;

  private final List<Finding> gaps = new ArrayList<>();
  private final Set<Long> unreadable = new LinkedHashSet<>();

  /** Something because of {@code fault}. */
  void add(String what, VmcoreException fault) {
    gaps.add(Gap.of(CHECK, what, fault));
  }

  /** The task at this address can't be read. */
  void task(long address, VmcoreException fault) {
    if (unreadable.add(address) && unreadable.size() <= MOST) {
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
    if (unreadable.size() > MOST) {
      String more = unreadable.size() - MOST + " more tasks can't be read";
      all.add(new Finding(CHECK, Finding.Severity.WARNING, OptionalLong.empty(), more));
    }
    return all;
  }
}
