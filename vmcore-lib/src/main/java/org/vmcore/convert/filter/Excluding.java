package org.vmcore.convert.filter;

import java.util.ArrayList;
import java.util.List;
import org.vmcore.convert.level.PageKind;
import org.vmcore.convert.level.PageTally;
import org.vmcore.convert.pages.PfnBitmap;
import org.vmcore.memory.VmcoreException;

/**
 * Takes out of a set the pages that one level leaves out. While it isn't known yet which pages are
 * essential, what was found is put aside, up to a number of runs.
 */
final class Excluding implements FilterPass.Task {
  /** With these what is put aside takes 17 MiB. */
  private static final int MOST_WAITING = 1 << 20;

  private final PfnBitmap kept;
  private final int wanted;
  private final Essentials essentials;
  private final PageTally tally = new PageTally();
  private final SparedPages spared = new SparedPages();
  private final List<Waiting> waiting = new ArrayList<>();
  private int runs;

  /**
   * @param essentials are asked for as late as possible
   */
  Excluding(PfnBitmap kept, int wanted, Essentials essentials) {
    this.kept = kept;
    this.wanted = wanted;
    this.essentials = essentials;
  }

  /** The runs of a group. */
  private record Waiting(Runs runs, long to) {}

  @Override
  public FilterPass.Group group(long from, long to) {
    Runs found = new Runs();
    LevelScan scan = new LevelScan(wanted, found);
    return new FilterPass.Group() {
      @Override
      public void classes(int[] classes, int count, long pfn) {
        scan.scan(classes, count, pfn);
      }

      @Override
      public void end() throws VmcoreException {
        found(new Waiting(found, to));
      }
    };
  }

  private void found(Waiting group) throws VmcoreException {
    boolean isNothing = group.runs.count() == 0;
    if (isNothing || (!essentials.areKnown() && putAside(group))) {
      return;
    }
    exclude(group);
  }

  private synchronized boolean putAside(Waiting group) {
    boolean isRoom = runs + group.runs.count() <= MOST_WAITING;
    if (isRoom) {
      waiting.add(group);
      runs += group.runs.count();
    }
    return isRoom;
  }

  private void exclude(Waiting group) throws VmcoreException {
    EssentialPages essential = essentials.pages();
    PageTally its = new PageTally();
    group.runs.each(
        group.to,
        (kind, from, to) ->
            essential.spare(
                kind,
                from,
                to,
                (_, first, end) -> exclude(kind, first, end, its),
                (what, asWhat, first, end) ->
                    spared.add(what, asWhat, first, kept.count(first, end))));
    synchronized (tally) {
      tally.add(its);
    }
  }

  private void exclude(PageKind kind, long from, long to, PageTally its) {
    long count = kept.count(from, to);
    if (count > 0) {
      kept.clear(from, to);
      its.add(kind, count);
    }
  }

  /** Takes out what was put aside; what was taken out in all. */
  PageTally finish() throws VmcoreException {
    for (Waiting each : waiting) {
      exclude(each);
    }
    return tally;
  }

  /** What was kept all the same. */
  SparedPages spared() {
    return spared;
  }
}
