package org.vmcore.scan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.vmcore.memory.AddressRange;

/** The addresses that were visited: where ranges overlap, each is visited once. */
public final class VisitedRanges {
  /** By first address, ordered as unsigned numbers: the last one. They don't touch. */
  private final TreeMap<Long, Long> visited = new TreeMap<>(Long::compareUnsigned);

  /** Visits {@code range}; returns what of it wasn't visited before, in ascending order. */
  public List<AddressRange> visit(AddressRange range) {
    List<AddressRange> fresh = new ArrayList<>();
    long first = range.start();
    long last = range.last();
    long at = first;
    boolean isDone = false;
    Map.Entry<Long, Long> each = visited.floorEntry(first);
    each = each != null && reaches(each, first) ? each : visited.ceilingEntry(first);
    while (!isDone && each != null && Long.compareUnsigned(each.getKey(), last) <= 0) {
      if (Long.compareUnsigned(at, each.getKey()) < 0) {
        fresh.add(AddressRange.inclusive(at, each.getKey() - 1));
      }
      first = Long.compareUnsigned(each.getKey(), first) < 0 ? each.getKey() : first;
      isDone = Long.compareUnsigned(each.getValue(), last) >= 0;
      last = isDone ? each.getValue() : last;
      at = each.getValue() + 1;
      visited.remove(each.getKey());
      each = visited.ceilingEntry(first);
    }
    if (!isDone) {
      fresh.add(AddressRange.inclusive(at, last));
    }
    visited.put(first, last);
    return fresh;
  }

  private static boolean reaches(Map.Entry<Long, Long> entry, long address) {
    return Long.compareUnsigned(entry.getValue(), address) >= 0;
  }
}
