package org.vmcore.format.kdump;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The pages that turned out to be damaged when they were read, by their rank. Costs a bit a page
 * where there are any.
 */
final class LostPages {
  private static final int SHIFT = 12;
  private static final int WORDS = 1 << (SHIFT - 6);

  private final ConcurrentHashMap<Long, AtomicLongArray> groups = new ConcurrentHashMap<>();

  private final AtomicInteger count = new AtomicInteger();

  void add(long rank) {
    groups
        .computeIfAbsent(rank >>> SHIFT, group -> new AtomicLongArray(WORDS))
        .accumulateAndGet(word(rank), 1L << rank, (bits, bit) -> bits | bit);
    count.incrementAndGet();
  }

  /** Changes whenever a page is added. */
  int count() {
    return count.get();
  }

  boolean has(long rank) {
    if (groups.isEmpty()) {
      return false;
    }
    AtomicLongArray group = groups.get(rank >>> SHIFT);
    return group != null && (group.get(word(rank)) >>> rank & 1) != 0;
  }

  private static int word(long rank) {
    return (int) (rank >>> 6) & WORDS - 1;
  }
}
