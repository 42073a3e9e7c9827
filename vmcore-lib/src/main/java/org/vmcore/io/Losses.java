package org.vmcore.io;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.memory.Finding;
import org.vmcore.values.Ascending;

/**
 * What of a file turned out to be lost while it was open, in ranges of ascending offset without
 * overlaps. Never changes: {@link #with} makes another.
 */
final class Losses {
  /** Nothing is lost. */
  static final Losses NONE = new Losses(List.of());

  /** Of more ranges it isn't worth knowing each. */
  private static final int MOST = 1 << 14;

  private final List<Range> ranges;

  /** By range: its start. */
  private final long[] start;

  /** Lost bytes in a row, and why they are. */
  private record Range(long start, long end, String reason) {}

  private Losses(List<Range> ranges) {
    this.ranges = ranges;
    this.start = new long[ranges.size()];
    for (int i = 0; i < start.length; i++) {
      start[i] = ranges.get(i).start();
    }
  }

  boolean isEmpty() {
    return start.length == 0;
  }

  /** Whether there are so many ranges that the next one should be all the rest. */
  boolean isFull() {
    return start.length >= MOST;
  }

  /** These, and the bytes from {@code from} to {@code to}, for which the new reason holds. */
  Losses with(long from, long to, String why) {
    List<Range> made = new ArrayList<>(ranges.size() + 2);
    List<Range> behind = new ArrayList<>();
    long low = from;
    long high = to;
    for (Range each : ranges) {
      boolean touches = each.end() >= low && each.start() <= high;
      if (touches && each.reason().equals(why)) {
        low = Math.min(low, each.start());
        high = Math.max(high, each.end());
      } else {
        add(made, each.start(), Math.min(each.end(), from), each.reason());
        add(behind, Math.max(each.start(), to), each.end(), each.reason());
      }
    }
    made.add(new Range(low, high, why));
    made.addAll(behind);
    return new Losses(made);
  }

  private static void add(List<Range> ranges, long from, long to, String reason) {
    if (from < to) {
      ranges.add(new Range(from, to, reason));
    }
  }

  /** The last range that begins at or before {@code position}, −1 when none does. */
  private int floor(long position) {
    return Ascending.floor(start, start.length, position);
  }

  private boolean isIn(int range, long position) {
    return range >= 0 && position < ranges.get(range).end();
  }

  /** How many of {@code wanted} bytes from {@code position} on are in front of what is lost. */
  long available(long position, long wanted) {
    int i = floor(position);
    if (isIn(i, position)) {
      return 0;
    }
    return i + 1 < start.length ? Math.min(wanted, start[i + 1] - position) : wanted;
  }

  /** How many of {@code length} bytes from {@code position} on are lost. */
  long lost(long position, long length) {
    long sum = 0;
    for (Range each : ranges) {
      long from = Math.max(position, each.start());
      sum += Math.max(0, Math.min(position + length, each.end()) - from);
    }
    return sum;
  }

  /** The bytes of a file of {@code size} bytes around {@code position} that are lost, or not. */
  ByteSource.Span spanAt(long position, long size) {
    int i = floor(position);
    if (isIn(i, position)) {
      return new ByteSource.Span(start[i], ranges.get(i).end(), false);
    }
    long from = i < 0 ? 0 : ranges.get(i).end();
    return new ByteSource.Span(from, i + 1 < start.length ? start[i + 1] : size, true);
  }

  /** Why the byte at {@code position} is lost; empty when it isn't. */
  Optional<Finding> at(long position) {
    int i = floor(position);
    return isIn(i, position)
        ? Optional.of(Finding.error("file", start[i], ranges.get(i).reason()))
        : Optional.empty();
  }
}
