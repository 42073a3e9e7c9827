package org.vmcore.convert.filter;

import org.vmcore.convert.level.DumpLevel;
import org.vmcore.convert.level.PageKind;

/**
 * Goes over classes of pages by ascending page frame number and says which one level leaves out. A
 * page that is left out takes those with it that belong to it, and these aren't looked at.
 */
final class LevelScan {
  private final int wanted;
  private final Excluded out;

  /** The first page frame that the last one that was left out hasn't taken with it. */
  private long next;

  LevelScan(int wanted, Excluded out) {
    this.wanted = wanted;
    this.out = out;
  }

  /** Is told what is left out. */
  interface Excluded {
    /** The pages from {@code from} to in front of {@code to}, all of one kind. */
    void excluded(PageKind kind, long from, long to);
  }

  /** The kinds of pages that a scan at {@code level} looks for. */
  static int wanted(DumpLevel level, boolean isPoisonKnown) {
    boolean isAlways = isPoisonKnown || level.asksTheKernel();
    return PageClass.wanted(level) | (isAlways ? PageClass.HWPOISON | PageClass.OFFLINE : 0);
  }

  /** Goes over the classes of {@code count} page frames from {@code pfn} on. */
  void scan(int[] classes, int count, long pfn) {
    int i = (int) Math.min(count, Math.max(0, next - pfn));
    while (i < count) {
      int found = classes[i] & wanted;
      if (found == 0 || Integer.lowestOneBit(found) == PageClass.BROKEN_FREE) {
        i++;
      } else {
        i = exclude(classes, count, pfn, i, Integer.lowestOneBit(found));
      }
    }
  }

  /** Tells of the page at {@code first}, and of those behind it that are of its kind. */
  private int exclude(int[] classes, int count, long pfn, int first, int bit) {
    long at = pfn + first;
    long end = pfn + count;
    do {
      at += PageClass.pages(classes[(int) (at - pfn)], bit);
    } while (at < end && Integer.lowestOneBit(classes[(int) (at - pfn)] & wanted) == bit);
    next = at;
    out.excluded(PageClass.kind(bit), pfn + first, at);
    return (int) (Math.min(at, end) - pfn);
  }
}
