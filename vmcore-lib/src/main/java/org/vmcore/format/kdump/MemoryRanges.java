package org.vmcore.format.kdump;

import java.util.Arrays;
import org.vmcore.memory.VmcoreException;

/**
 * The ranges of page frames that exist, in ascending order: a PT_LOAD each.
 *
 * <p>Memory that is more scattered than any machine's becomes ranges with gaps in them, ever larger
 * ones until there are no more than {@link #MOST} ranges; in the gaps there is no RAM.
 */
final class MemoryRanges {
  /** The most ranges that are told apart. */
  static final int MOST = 1 << 16;

  private long[] from = new long[16];
  private long[] to = new long[16];
  private int count;
  private long gap;

  private MemoryRanges() {}

  /** The ranges of {@code map}. */
  static MemoryRanges of(PageMap map) throws VmcoreException {
    MemoryRanges ranges = new MemoryRanges();
    for (long pfn = 0; pfn < map.known(); pfn = (pfn | Long.SIZE - 1) + 1) {
      pfn = map.skipAbsent(pfn) & -Long.SIZE;
      if (pfn < map.known()) {
        long behind = map.known() - pfn;
        long mask = behind < Long.SIZE ? (1L << behind) - 1 : -1;
        ranges.addAll(pfn, map.existing(pfn) & mask);
      }
    }
    if (map.known() < map.end()) {
      ranges.add(map.known(), map.end()); // whether they exist is lost
    }
    return ranges;
  }

  /** Adds those of the 64 page frames from {@code first} on whose bits are set. */
  private void addAll(long first, long bits) {
    for (long left = bits; left != 0; ) {
      int from = Long.numberOfTrailingZeros(left);
      int to = from + Long.numberOfTrailingZeros(~(left >>> from));
      add(first + from, first + to);
      left = to < Long.SIZE ? left & -1L << to : 0;
    }
  }

  private void add(long start, long end) {
    if (count > 0 && start - to[count - 1] <= gap) {
      to[count - 1] = end;
      return;
    }
    if (count == MOST) {
      coarsen();
      add(start, end);
      return;
    }
    if (count == from.length) {
      from = Arrays.copyOf(from, 2 * count);
      to = Arrays.copyOf(to, 2 * count);
    }
    from[count] = start;
    to[count++] = end;
  }

  /** Joins ranges over wider gaps, until at least half of them are gone. */
  private void coarsen() {
    while (count > MOST / 2) {
      gap = Math.max(1, 2 * gap);
      int kept = 0;
      for (int i = 1; i < count; i++) {
        if (from[i] - to[kept] <= gap) {
          to[kept] = to[i];
        } else {
          from[++kept] = from[i];
          to[kept] = to[i];
        }
      }
      count = kept + 1;
    }
  }

  int count() {
    return count;
  }

  /** The first page frame of range {@code i}. */
  long from(int i) {
    return from[i];
  }

  /** Behind the last page frame of range {@code i}. */
  long to(int i) {
    return to[i];
  }

  /** The widest gap, in page frames, that a range may hold; 0 when there is none in any. */
  long gap() {
    return gap;
  }
}
