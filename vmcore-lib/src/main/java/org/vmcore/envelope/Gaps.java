package org.vmcore.envelope;

import org.vmcore.values.Ascending;

/** The ranges between records, in ascending order. What lies in none of them is in a record. */
final class Gaps {
  /** No gap at all. */
  static final Gaps NONE = new Gaps(0);

  private final long[] start;

  /** By gap: the bytes in all gaps before it; one more at the end. */
  private final long[] before;

  private Gaps(int count) {
    start = new long[count];
    before = new long[count + 1];
  }

  /** The gaps between {@code records}, which are settled, and before the first one. */
  static Gaps between(Records records) {
    int count = 0;
    for (int i = 0; i < records.count(); i++) {
      count += records.target(i) > endBefore(records, i) ? 1 : 0;
    }
    Gaps gaps = new Gaps(count);
    int n = 0;
    for (int i = 0; i < records.count(); i++) {
      long from = endBefore(records, i);
      if (records.target(i) > from) {
        gaps.start[n] = from;
        gaps.before[n + 1] = gaps.before[n] + records.target(i) - from;
        n++;
      }
    }
    return gaps;
  }

  private static long endBefore(Records records, int i) {
    return i == 0 ? 0 : records.end(i - 1);
  }

  int count() {
    return start.length;
  }

  long start(int gap) {
    return start[gap];
  }

  long end(int gap) {
    return start[gap] + before[gap + 1] - before[gap];
  }

  /** The last gap that begins at or before {@code at}; -1 when none does. */
  int floor(long at) {
    return Ascending.floor(start, start.length, at);
  }

  /** How many bytes before {@code at} lie in gaps. */
  long bytesBefore(long at) {
    int gap = floor(at);
    return gap < 0 ? 0 : before[gap] + Math.min(at, end(gap)) - start[gap];
  }
}
