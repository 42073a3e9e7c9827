package org.vmcore.segments;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.vmcore.memory.Extent;
import org.vmcore.memory.PageCounts;
import org.vmcore.memory.PageRange;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.oldmem.PageTally;

/** Turns extents of physical memory, given in ascending order, into ranges of page frames. */
public final class PageFrames {
  private final int shift;
  private final Consumer<PageRange> out;
  private @Nullable PageRange held;
  private long first;
  private long count;
  private PageState state = PageState.NOT_RAM;

  private PageFrames(long pageSize, Consumer<PageRange> out) {
    this.shift = Long.numberOfTrailingZeros(pageSize);
    this.out = out;
  }

  /** Reports every frame from 0 to the last that has RAM in it to {@code out}. */
  public static void walk(SegmentMemory memory, long pageSize, Consumer<PageRange> out)
      throws VmcoreException {
    new PageFrames(pageSize, out).walk(memory, at -> 0);
  }

  /** Counts every frame from 0 to the last that has RAM in it. */
  public static PageCounts count(SegmentMemory memory, long pageSize) throws VmcoreException {
    PageTally tally = new PageTally();
    new PageFrames(pageSize, range -> tally.add(range.state(), range.count()))
        .walk(memory, at -> memory.count(at, -pageSize, pageSize, tally));
    return tally.counts();
  }

  /** Counts frames without going from extent to extent. */
  private interface Bulk {
    /** Gives how many bytes from {@code at} on were counted, whole frames. */
    long count(long at) throws VmcoreException;
  }

  private void walk(SegmentMemory memory, Bulk bulk) throws VmcoreException {
    if (memory.isEmpty()) {
      return;
    }
    long end = memory.end();
    long at = 0;
    do { // an end of 0 is 2^64
      long counted = bulk.count(at);
      if (counted > 0) {
        at += counted;
        restart(at >>> shift);
      } else {
        Extent extent = memory.extentAt(at);
        add(extent);
        at = extent.end();
      }
    } while (at != end);
    flush();
    report();
  }

  /** Reports what there is so far, and goes on with frame {@code pfn}. */
  private void restart(long pfn) {
    flush();
    report();
    held = null;
    first = pfn;
  }

  private void add(Extent extent) {
    long from = extent.start() >>> shift;
    long to = ((extent.end() - 1) >>> shift) + 1;
    if (from < first + count) {
      shared(extent.state());
      from++;
    }
    if (from < to) {
      append(from, to - from, extent.state());
    }
  }

  /** The last frame so far also holds bytes of {@code other}. */
  private void shared(PageState other) {
    PageState worst = severity(other) > severity(state) ? other : state;
    if (worst != state) {
      long last = first + --count;
      flush();
      append(last, 1, worst);
    }
  }

  private static int severity(PageState state) {
    return switch (state) {
      case NOT_RAM -> 0;
      case PRESENT -> 1;
      case EXCLUDED -> 2;
      case LOST -> 3;
    };
  }

  private void append(long from, long frames, PageState what) {
    if (count > 0 && what == state) {
      count += frames;
      return;
    }
    flush();
    first = from;
    count = frames;
    state = what;
  }

  /** The range so far is complete; it is held back, for the next may have its state. */
  private void flush() {
    if (count == 0) {
      return;
    }
    PageRange before = held;
    if (before != null && before.state() == state) {
      held = new PageRange(before.pfn(), before.count() + count, state);
    } else {
      report();
      held = new PageRange(first, count, state);
    }
    count = 0;
  }

  private void report() {
    if (held != null) {
      out.accept(held);
    }
  }
}
