package org.vmcore.envelope;

import java.util.Arrays;
import org.vmcore.values.Ascending;

/**
 * Where pieces of a file's bytes lie in another file: 24 bytes each, in three arrays.
 *
 * <p>They are added in the order in which they were written. {@link #settled} puts them in the
 * order of their targets, each byte in at most one of them: the one that was written last.
 */
final class Records {
  private static final int MOST = Integer.MAX_VALUE - 8;

  private int count;
  private long[] target = new long[16];
  private long[] file = new long[16];
  private long[] size = new long[16];

  /** Whether each one begins at or behind the end of the one before. */
  private boolean isSettled = true;

  /** Adds a record of {@code length} bytes, not 0, or makes the last one longer. */
  void add(long at, long offset, long length) {
    if (count > 0) {
      int last = count - 1;
      isSettled &= at >= end(last);
      if (at == end(last) && offset == file[last] + size[last]) {
        size[last] += length;
        return;
      }
    }
    if (count == target.length) {
      resize(Math.clamp(count + (count >> 1) + 1L, count, MOST));
    }
    target[count] = at;
    file[count] = offset;
    size[count] = length;
    count++;
  }

  private void resize(int length) {
    if (length == count && count == MOST) {
      throw new OutOfMemoryError("records"); // as for any array that can't be so large
    }
    target = Arrays.copyOf(target, length);
    file = Arrays.copyOf(file, length);
    size = Arrays.copyOf(size, length);
  }

  int count() {
    return count;
  }

  /** Where the {@code i}-th piece belongs. */
  long target(int i) {
    return target[i];
  }

  /** Where the {@code i}-th piece is: the offset of its first byte in the file that holds it. */
  long file(int i) {
    return file[i];
  }

  long size(int i) {
    return size[i];
  }

  /** The target behind the {@code i}-th piece. */
  long end(int i) {
    return target[i] + size[i];
  }

  /** Of settled records the last one that begins at or before {@code at}; -1 when none does. */
  int floor(long at) {
    return Ascending.floor(target, count, at);
  }

  /** These records in ascending order of target, without overlaps, and no longer in this one. */
  Records settled() {
    Records settled = this;
    if (!isSettled) {
      sort();
      settled = Overlaps.resolve(this);
    }
    settled.isSettled = true;
    if (settled.count < settled.target.length) {
      settled.resize(settled.count);
    }
    return settled;
  }

  private void sort() {
    int[] order = order();
    target = permuted(target, order);
    file = permuted(file, order);
    size = permuted(size, order);
  }

  private static long[] permuted(long[] values, int[] order) {
    long[] permuted = new long[order.length];
    for (int i = 0; i < order.length; i++) {
      permuted[i] = values[order[i]];
    }
    return permuted;
  }

  /**
   * A natural merge sort: a writer's records are a few ascending sequences, one woven into the
   * other. It is stable.
   */
  private int[] order() {
    int[] from = new int[count];
    Arrays.setAll(from, i -> i);
    int[] to = new int[count];
    for (int runs = 2; runs > 1; ) {
      runs = 0;
      for (int start = 0; start < count; runs++) {
        int middle = runEnd(from, start);
        int end = middle == count ? middle : runEnd(from, middle);
        merge(from, start, middle, end, to);
        start = end;
      }
      int[] spare = from;
      from = to;
      to = spare;
    }
    return from;
  }

  private int runEnd(int[] order, int start) {
    int end = start + 1;
    while (end < count && target[order[end - 1]] <= target[order[end]]) {
      end++;
    }
    return end;
  }

  private void merge(int[] from, int start, int middle, int end, int[] to) {
    int left = start;
    int right = middle;
    for (int i = start; i < end; i++) {
      boolean takeLeft =
          left < middle && (right == end || target[from[left]] <= target[from[right]]);
      to[i] = takeLeft ? from[left++] : from[right++];
    }
  }
}
