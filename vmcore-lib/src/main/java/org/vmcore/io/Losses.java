package org.vmcore.io;

import java.util.Arrays;
import java.util.Optional;
import org.vmcore.memory.Finding;
import org.vmcore.values.Ascending;

/**
 * What of a file turned out to be lost while it was open, in ranges of ascending offset without
 * overlaps. Never changes: {@link #with} makes another.
 */
final class Losses {
  /** Nothing is lost. */
  static final Losses NONE = new Losses(new long[0], new long[0], new String[0]);

  /** Of more ranges it isn't worth knowing each. */
  private static final int MOST = 1 << 14;

  private final long[] start;
  private final long[] end;
  private final String[] reason;

  private Losses(long[] start, long[] end, String[] reason) {
    this.start = start;
    this.end = end;
    this.reason = reason;
  }

  boolean isEmpty() {
    return start.length == 0;
  }

  /** The number of ranges. */
  int count() {
    return start.length;
  }

  /** Whether there are so many ranges that no more should be added. */
  boolean isFull() {
    return start.length >= MOST;
  }

  /**
   * These, and the bytes from {@code from} to {@code to}, of which some may be among them already:
   * those keep their reason unless they lie inside.
   */
  Losses with(long from, long to, String why) {
    int first = 0;
    while (first < start.length && end[first] < from) {
      first++;
    }
    int behind = first;
    long low = from;
    long high = to;
    while (behind < start.length && start[behind] <= to && joins(behind, from, to, why)) {
      low = Math.min(low, start[behind]);
      high = Math.max(high, end[behind]);
      behind++;
    }
    return new Losses(
        replaced(start, first, behind, low),
        replaced(end, first, behind, high),
        replaced(reason, first, behind, why));
  }

  private boolean joins(int range, long from, long to, String why) {
    return reason[range].equals(why) || (start[range] >= from && end[range] <= to);
  }

  private static long[] replaced(long[] old, int first, int behind, long value) {
    long[] made = Arrays.copyOf(old, old.length - (behind - first) + 1);
    made[first] = value;
    System.arraycopy(old, behind, made, first + 1, old.length - behind);
    return made;
  }

  private static String[] replaced(String[] old, int first, int behind, String value) {
    String[] made = Arrays.copyOf(old, old.length - (behind - first) + 1);
    made[first] = value;
    System.arraycopy(old, behind, made, first + 1, old.length - behind);
    return made;
  }

  /** How many of {@code wanted} bytes from {@code position} on are in front of what is lost. */
  long available(long position, long wanted) {
    int i = Ascending.floor(start, start.length, position);
    if (i >= 0 && position < end[i]) {
      return 0;
    }
    return i + 1 < start.length ? Math.min(wanted, start[i + 1] - position) : wanted;
  }

  /** How many of {@code length} bytes from {@code position} on are lost. */
  long lost(long position, long length) {
    long sum = 0;
    for (int i = 0; i < start.length; i++) {
      long from = Math.max(position, start[i]);
      sum += Math.max(0, Math.min(position + length, end[i]) - from);
    }
    return sum;
  }

  /** The bytes of a file of {@code size} bytes around {@code position} that are lost, or not. */
  ByteSource.Span spanAt(long position, long size) {
    int i = Ascending.floor(start, start.length, position);
    if (i >= 0 && position < end[i]) {
      return new ByteSource.Span(start[i], end[i], false);
    }
    return new ByteSource.Span(
        i < 0 ? 0 : end[i], i + 1 < start.length ? start[i + 1] : size, true);
  }

  /** Why the byte at {@code position} is lost; empty when it isn't. */
  Optional<Finding> at(long position) {
    int i = Ascending.floor(start, start.length, position);
    return i >= 0 && position < end[i]
        ? Optional.of(Finding.error("file", start[i], reason[i]))
        : Optional.empty();
  }
}
