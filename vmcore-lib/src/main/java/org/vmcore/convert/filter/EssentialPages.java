package org.vmcore.convert.filter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.vmcore.convert.essential.EssentialKind;
import org.vmcore.convert.essential.EssentialRange;
import org.vmcore.convert.level.PageKind;
import org.vmcore.convert.pages.PfnBitmap;

/** Ranges of page frames that are never left out, ascending and apart from each other. */
final class EssentialPages {
  private final List<EssentialRange> ranges = new ArrayList<>();
  private final long[] ends;

  /**
   * What {@code found} has.
   *
   * @param found in any order; a page of several kinds is one of the range that begins first
   */
  EssentialPages(List<EssentialRange> found) {
    List<EssentialRange> sorted = new ArrayList<>(found);
    sorted.sort(Comparator.comparingLong(EssentialRange::from));
    long end = 0;
    for (EssentialRange each : sorted) {
      long from = Math.max(end, each.from());
      if (from < each.to()) {
        ranges.add(new EssentialRange(each.kind(), from, each.to()));
        end = each.to();
      }
    }
    ends = new long[ranges.size()];
    Arrays.setAll(ends, i -> ranges.get(i).to());
  }

  /** Those ranges. */
  List<EssentialRange> ranges() {
    return List.copyOf(ranges);
  }

  /** How many pages are in them. */
  long count() {
    return ranges.stream().mapToLong(each -> each.to() - each.from()).sum();
  }

  /** Is told which pages would have been left out, were they not essential. */
  interface Spared {
    /** The pages from {@code from} to in front of {@code to}. */
    void spared(EssentialKind kind, PageKind asWhat, long from, long to);
  }

  /** Passes on what of a range isn't essential to {@code out}, and the rest to {@code spared}. */
  void spare(PageKind kind, long from, long to, LevelScan.Excluded out, Spared spared) {
    long at = from;
    for (int i = behind(from); i < ends.length && ranges.get(i).from() < to; i++) {
      EssentialRange range = ranges.get(i);
      if (at < range.from()) {
        out.excluded(kind, at, range.from());
      }
      spared.spared(range.kind(), kind, Math.max(at, range.from()), Math.min(to, range.to()));
      at = range.to();
    }
    if (at < to) {
      out.excluded(kind, at, to);
    }
  }

  /** Takes them out of {@code set}. */
  void takeOutOf(PfnBitmap set) {
    for (EssentialRange each : ranges) {
      set.clear(Math.min(each.from(), set.frames()), Math.min(each.to(), set.frames()));
    }
  }

  /** The first range that ends behind {@code pfn}. */
  private int behind(long pfn) {
    int found = Arrays.binarySearch(ends, pfn);
    return found >= 0 ? found + 1 : -found - 1;
  }
}
