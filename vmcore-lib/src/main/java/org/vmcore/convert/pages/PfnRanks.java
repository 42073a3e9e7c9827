package org.vmcore.convert.pages;

/** Finds the n-th frame of a set that doesn't change any more. */
public final class PfnRanks {
  /** Entries of the index: a MiB at most. */
  private static final int MOST = 1 << 17;

  /** A block has at least so many frames, as a power of two. */
  private static final int LEAST_SHIFT = 12;

  private final PfnBitmap set;
  private final int shift;

  /** How many frames of the set lie before each block; the last entry has all. */
  private final long[] before;

  private PfnRanks(PfnBitmap set, int shift, long[] before) {
    this.set = set;
    this.shift = shift;
    this.before = before;
  }

  /** The ranks of the frames in {@code set}. */
  public static PfnRanks of(PfnBitmap set) {
    int shift = LEAST_SHIFT;
    while ((set.frames() >>> shift) >= MOST) {
      shift++;
    }
    long[] before = new long[(int) ((set.frames() + (1L << shift) - 1) >>> shift) + 1];
    for (int i = 1; i < before.length; i++) {
      long from = (long) (i - 1) << shift;
      long to = Math.min(set.frames(), from + (1L << shift));
      before[i] = before[i - 1] + set.count(from, to);
    }
    return new PfnRanks(set, shift, before);
  }

  /** How many frames the set has. */
  public long count() {
    return before[before.length - 1];
  }

  /** The frame of the set that {@code rank} others lie before; behind all where there is none. */
  public long select(long rank) {
    if (rank >= count()) {
      return set.frames();
    }
    int block = block(rank);
    long at = (long) block << shift;
    long left = rank - before[block];
    while (true) {
      long first = set.nextSet(at);
      long end = set.nextClear(first, Math.min(set.frames(), first + left + 1));
      if (end - first > left) {
        return first + left;
      }
      left -= end - first;
      at = end;
    }
  }

  /** The last block before which at most {@code rank} frames lie. */
  private int block(long rank) {
    int low = 0;
    int high = before.length - 1;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (before[middle] <= rank) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
