package org.vmcore.convert.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.convert.level.DumpLevel;
import org.vmcore.convert.level.PageKind;
import org.vmcore.convert.level.PageTally;
import org.vmcore.convert.pages.PfnBitmap;

/**
 * What each of the dump levels would leave out, all counted in one pass. Pages of zeros count as
 * such at levels with 1, if they aren't left out as something else.
 */
public final class LevelSurvey {
  private final List<PageTally> tallies = new ArrayList<>();
  private final int possible;

  /** What is scanned for: several levels do the same. */
  private final List<Integer> wanted = new ArrayList<>();

  /**
   * @param possible the sum of the levels that enough is known for
   */
  LevelSurvey(int possible, boolean isPoisonKnown) {
    this.possible = possible;
    for (int level = 0; level <= DumpLevel.MOST; level++) {
      wanted.add(LevelScan.wanted(new DumpLevel(level), isPoisonKnown));
      tallies.add(new PageTally());
    }
  }

  private boolean isPossible(int level) {
    return (level & ~possible) == 0;
  }

  /** What {@code level} would leave out, by kind; empty when too little is known for it. */
  public Optional<PageTally> of(DumpLevel level) {
    return isPossible(level.value()) ? Optional.of(tallies.get(level.value())) : Optional.empty();
  }

  /** Counts pages of zeros that nothing was found of. */
  void zeros(long count) {
    for (int level = 1; level <= DumpLevel.MOST; level += 2) {
      tallies.get(level).add(PageKind.ZERO, count);
    }
  }

  /**
   * Is told of the pages that one level would leave out, were they not essential.
   *
   * @param level that one
   * @param pages where they are counted
   */
  record Spared(DumpLevel level, SparedPages pages) {}

  /** Counts a group of pages. */
  FilterPass.Group group(
      PfnBitmap kept, PfnBitmap zero, EssentialPages essential, Spared spared, long to) {
    int told = wanted.get(spared.level().value());
    List<Counted> counted = new ArrayList<>();
    for (int level = 0; level <= DumpLevel.MOST; level++) {
      if (isPossible(level) && wanted.indexOf(wanted.get(level)) == level) {
        int its = wanted.get(level);
        EssentialPages.Spared out =
            its == told
                ? (what, as, from, end) -> spared.pages().add(what, as, from, kept.count(from, end))
                : (_, _, _, _) -> {};
        counted.add(new Counted(its, kept, zero, essential, out, to));
      }
    }
    return new FilterPass.Group() {
      @Override
      public void classes(int[] classes, int count, long pfn) {
        for (Counted each : counted) {
          each.scan.scan(classes, count, pfn);
        }
      }

      @Override
      public void end() {
        counted.forEach(LevelSurvey.this::add);
      }
    };
  }

  private synchronized void add(Counted counted) {
    for (int level = 0; level <= DumpLevel.MOST; level++) {
      if (wanted.get(level) == counted.wanted) {
        tallies.get(level).add(counted.tally);
        tallies.get(level).add(PageKind.ZERO, (level & 1) == 0 ? 0 : -counted.zeros);
      }
    }
  }

  /** What one scan finds in one group. */
  private static final class Counted {
    private final int wanted;
    private final LevelScan scan;
    private final PageTally tally = new PageTally();
    private long zeros;

    Counted(
        int wanted,
        PfnBitmap kept,
        PfnBitmap zero,
        EssentialPages essential,
        EssentialPages.Spared spared,
        long groupEnd) {
      this.wanted = wanted;
      LevelScan.Excluded counting =
          (kind, from, to) -> {
            tally.add(kind, kept.count(from, to));
            zeros += kept.countBoth(zero, from, to);
          };
      this.scan =
          new LevelScan(
              wanted,
              (kind, from, to) ->
                  essential.spare(kind, from, Math.min(to, groupEnd), counting, spared));
    }
  }
}
