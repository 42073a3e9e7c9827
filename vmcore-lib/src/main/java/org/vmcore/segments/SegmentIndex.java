package org.vmcore.segments;

import java.util.Arrays;
import java.util.TreeSet;
import org.vmcore.values.Ascending;

/**
 * Finds the segment that an address belongs to, where segments may overlap. Of several, one whose
 * bytes are in the dump wins over one whose bytes were left out, then the first in the table.
 */
final class SegmentIndex {
  private final long[] start;
  private final long[] end;
  private final int[] owner;
  private final int count;

  private SegmentIndex(long[] start, long[] end, int[] owner, int count) {
    this.start = start;
    this.end = end;
    this.owner = owner;
    this.count = count;
  }

  /**
   * An index of ranges {@code [start, end)}, unsigned; an end of 0 is 2^64.
   *
   * @param owner by range: whose it is
   * @param rank by range: the lowest wins where ranges overlap
   */
  static SegmentIndex of(long[] start, long[] end, int[] owner, int[] rank) {
    return new Sweep(start, end, owner, rank).run();
  }

  /** The number of the run that {@code address} lies in, or −(the next run's number) − 1. */
  int find(long address) {
    int run = Ascending.floor(start, count, address);
    return run >= 0 && Long.compareUnsigned(address, end[run] - 1) <= 0 ? run : -run - 2;
  }

  int count() {
    return count;
  }

  long start(int run) {
    return start[run];
  }

  /** Behind the run's last byte; 0 is 2^64. */
  long end(int run) {
    return end[run];
  }

  int owner(int run) {
    return owner[run];
  }

  /** Goes over all starts and ends in ascending order, and keeps the ranges open there by rank. */
  private static final class Sweep {
    private final long[] start;
    private final long[] end;
    private final int[] owner;
    private final int[] rank;
    private final long[] outStart;
    private final long[] outEnd;
    private final int[] outOwner;
    private int out;

    Sweep(long[] start, long[] end, int[] owner, int[] rank) {
      this.start = start;
      this.end = end;
      this.owner = owner;
      this.rank = rank;
      outStart = new long[2 * start.length];
      outEnd = new long[2 * start.length];
      outOwner = new int[2 * start.length];
    }

    SegmentIndex run() {
      int n = start.length;
      Integer[] opening = order(start, 0);
      Integer[] closing = order(end, 1);
      TreeSet<Integer> open =
          new TreeSet<>((a, b) -> rank[a] != rank[b] ? Integer.compare(rank[a], rank[b]) : a - b);
      int closed = 0;
      int opened = 0;
      long from = 0;
      while (closed < n) {
        boolean opens =
            opened < n
                && Long.compareUnsigned(start[opening[opened]], end[closing[closed]] - 1) <= 0;
        long at = opens ? start[opening[opened]] : end[closing[closed]];
        if (!open.isEmpty() && at != from) {
          add(from, at, owner[open.first()]);
        }
        if (opens) {
          open.add(opening[opened++]);
        } else {
          open.remove(closing[closed++]);
        }
        from = at;
      }
      return new SegmentIndex(
          Arrays.copyOf(outStart, out),
          Arrays.copyOf(outEnd, out),
          Arrays.copyOf(outOwner, out),
          out);
    }

    /** Range numbers by unsigned {@code key} − {@code bias}. */
    private static Integer[] order(long[] key, long bias) {
      Integer[] order = new Integer[key.length];
      Arrays.setAll(order, i -> i);
      Arrays.sort(order, (a, b) -> Long.compareUnsigned(key[a] - bias, key[b] - bias));
      return order;
    }

    private void add(long from, long to, int whose) {
      if (out > 0 && outEnd[out - 1] == from && outOwner[out - 1] == whose) {
        outEnd[out - 1] = to;
        return;
      }
      outStart[out] = from;
      outEnd[out] = to;
      outOwner[out++] = whose;
    }
  }
}
