package org.vmcore.gdb.core;

import java.util.ArrayList;
import java.util.List;
import org.vmcore.memory.AddressRange;

/** Kernel virtual addresses that a core file should have. */
final class Ranges {
  /** Bounds are moved outwards to multiples of it: what lies beside is of use as well. */
  private static final long PAGE = 4096;

  private final List<AddressRange> ranges = new ArrayList<>();

  /** Adds {@code size} bytes; what would pass 2^64 is left out. */
  void add(long start, long size) {
    if (size > 0 && start != 0) {
      long first = start & -PAGE;
      long last = start + size - 1;
      if (Long.compareUnsigned(last, start) >= 0) {
        ranges.add(AddressRange.inclusive(first, last | (PAGE - 1)));
      }
    }
  }

  void add(AddressRange range) {
    add(range.start(), range.size());
  }

  /** All of them, ascending, none of them touching another. */
  List<AddressRange> merged() {
    List<AddressRange> ascending = new ArrayList<>(ranges);
    ascending.sort((a, b) -> Long.compareUnsigned(a.start(), b.start()));
    List<AddressRange> merged = new ArrayList<>();
    for (AddressRange each : ascending) {
      AddressRange last = merged.isEmpty() ? null : merged.getLast();
      boolean touches =
          last != null && (last.end() == 0 || Long.compareUnsigned(each.start(), last.end()) <= 0);
      if (last == null || !touches) {
        merged.add(each);
      } else if (Long.compareUnsigned(each.last(), last.last()) > 0) {
        merged.set(merged.size() - 1, new AddressRange(last.start(), each.end()));
      }
    }
    return merged;
  }
}
