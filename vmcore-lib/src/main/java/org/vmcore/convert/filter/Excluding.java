package org.vmcore.convert.filter;

import org.vmcore.convert.pages.PfnBitmap;

/** Takes out of a set the pages of a group that one level leaves out. */
final class Excluding implements FilterPass.Group {
  private final PfnBitmap kept;
  private final LevelScan scan;
  private final PageTally all;
  private final PageTally its = new PageTally();

  /**
   * @param to where the group ends
   * @param all what is counted at the group's end is added to it
   */
  Excluding(PfnBitmap kept, int wanted, EssentialPages essential, long to, PageTally all) {
    this.kept = kept;
    this.scan = new LevelScan(wanted, essential.sparing(this::exclude, to));
    this.all = all;
  }

  private void exclude(PageKind kind, long from, long to) {
    long count = kept.count(from, to);
    if (count > 0) {
      kept.clear(from, to);
      its.add(kind, count);
    }
  }

  @Override
  public void classes(int[] classes, int count, long pfn) {
    scan.scan(classes, count, pfn);
  }

  @Override
  public void end() {
    synchronized (all) {
      all.add(its);
    }
  }
}
