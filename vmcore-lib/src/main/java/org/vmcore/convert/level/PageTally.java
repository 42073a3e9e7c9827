package org.vmcore.convert.level;

import java.util.EnumMap;
import java.util.Map;

/** How many pages of each kind. Not thread-safe. */
public final class PageTally {
  private final Map<PageKind, Long> counts = new EnumMap<>(PageKind.class);

  /** None so far. */
  public PageTally() {}

  /** The pages of {@code kind}. */
  public long of(PageKind kind) {
    return counts.getOrDefault(kind, 0L);
  }

  /** All of them. */
  public long total() {
    long total = 0;
    for (long count : counts.values()) {
      total += count;
    }
    return total;
  }

  /** Counts {@code pages} more of {@code kind}. */
  public void add(PageKind kind, long pages) {
    counts.merge(kind, pages, Long::sum);
  }

  /** Counts what {@code other} has. */
  public void add(PageTally other) {
    other.counts.forEach(this::add);
  }
}
