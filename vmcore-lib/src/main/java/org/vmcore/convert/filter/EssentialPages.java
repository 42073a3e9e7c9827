package org.vmcore.convert.filter;

import java.util.Arrays;

/** Ranges of page frames that are never left out, ascending and apart from each other. */
final class EssentialPages {
  /** No page is. */
  static final EssentialPages NONE = new EssentialPages(new long[0], new long[0]);

  private final long[] starts;
  private final long[] ends;

  EssentialPages(long[] starts, long[] ends) {
    this.starts = starts;
    this.ends = ends;
  }

  /**
   * Passes on what isn't essential.
   *
   * @param limit page frames from this one on aren't passed on
   */
  LevelScan.Excluded sparing(LevelScan.Excluded out, long limit) {
    return (kind, from, to) -> spare(kind, from, Math.min(to, limit), out);
  }

  private void spare(PageKind kind, long from, long to, LevelScan.Excluded out) {
    long at = from;
    for (int i = behind(from); i < starts.length && starts[i] < to; i++) {
      if (at < starts[i]) {
        out.excluded(kind, at, starts[i]);
      }
      at = Math.max(at, ends[i]);
    }
    if (at < to) {
      out.excluded(kind, at, to);
    }
  }

  /** The first range that ends behind {@code pfn}. */
  private int behind(long pfn) {
    int found = Arrays.binarySearch(ends, pfn);
    return found >= 0 ? found + 1 : -found - 1;
  }
}
