package org.vmcore.convert.pages;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.vmcore.Vmcore;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageRange;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * What a dump has of each page frame, as sets. A frame of which only a part is RAM is in them like
 * any other; where its parts differ the worst counts: lost, then excluded, then present.
 */
public final class SourcePages implements AutoCloseable {
  /** The most page frames: sets of 8 GiB. */
  private static final long MOST = 1L << 36;

  private static final int SETS = 4;

  private final long pageSize;
  private final PfnBitmap ram;
  private final PfnBitmap present;
  private final PfnBitmap kept;
  private final PfnBitmap lost;
  private long excludedCount;
  private long lostCount;

  private SourcePages(long pageSize, List<PfnBitmap> sets) {
    this.pageSize = pageSize;
    this.ram = sets.get(0);
    this.present = sets.get(1);
    this.kept = sets.get(2);
    this.lost = sets.get(3);
  }

  /**
   * The page frames of {@code vmcore}.
   *
   * @param scratch the folder of temporary files, where those are needed
   * @throws VmcoreException when its addresses are too high, the dump is closed, or its file fails
   */
  public static SourcePages of(Vmcore vmcore, Path scratch) throws VmcoreException {
    long frames = frames(vmcore);
    List<PfnBitmap> sets = new ArrayList<>();
    boolean made = false;
    try {
      for (int i = 0; i < SETS; i++) {
        sets.add(PfnBitmap.of(frames, scratch));
      }
      SourcePages pages = new SourcePages(vmcore.pageSize(), sets);
      vmcore.pages(pages::add);
      made = true;
      return pages;
    } finally {
      if (!made) {
        sets.forEach(PfnBitmap::close);
      }
    }
  }

  /** Whether the addresses of {@code vmcore} are low enough for sets of page frames. */
  public static boolean isPossible(Vmcore vmcore) {
    return end(vmcore) <= MOST;
  }

  private static long frames(Vmcore vmcore) throws VmcoreException {
    long frames = end(vmcore);
    if (frames > MOST) {
      throw VmcoreException.of(
          vmcore.name(),
          "memory up to physical address "
              + Hex.of(frames * vmcore.pageSize() - 1)
              + ": too high for sets of page frames");
    }
    return frames;
  }

  /** Behind the highest page frame that a PT_LOAD tells of. */
  private static long end(Vmcore vmcore) {
    int shift = Long.numberOfTrailingZeros(vmcore.pageSize());
    long frames = 0;
    for (ProgramHeader segment : vmcore.segments()) {
      if (segment.isLoad() && segment.isPhysicalKnown() && segment.memsz() != 0) {
        long last = segment.paddr() + segment.memsz() - 1;
        frames = Math.max(frames, (last >>> shift) + 1);
      }
    }
    return frames;
  }

  private void add(PageRange range) {
    long to = range.pfn() + range.count();
    switch (range.state()) {
      case PRESENT -> {
        ram.set(range.pfn(), to);
        present.set(range.pfn(), to);
        kept.set(range.pfn(), to);
      }
      case EXCLUDED -> {
        ram.set(range.pfn(), to);
        excludedCount += range.count();
      }
      case LOST -> {
        ram.set(range.pfn(), to);
        lost.set(range.pfn(), to);
        lostCount += range.count();
      }
      case NOT_RAM -> {}
    }
  }

  /**
   * Adds the page frames of which a part is present and another one excluded to those that are
   * present and kept: for a format that has whole pages alone.
   *
   * @param physical the memory
   * @return how many they are; they no longer count as excluded
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public long keepParts(Memory physical) throws VmcoreException {
    long parts = 0;
    long ramEnd = 0;
    for (long at = 0; excludedCount > parts && at < frames(); ) {
      if (at >= ramEnd) {
        at = ram.nextSet(at);
        ramEnd = ram.nextClear(at);
      }
      at = present.nextClear(at, ramEnd);
      long end = present.nextSet(at, ramEnd);
      for (long from = lost.nextClear(at, end); from < end; ) {
        long to = lost.nextSet(from, end);
        parts += keepParts(physical, from, to);
        from = lost.nextClear(to, end);
      }
      at = end;
    }
    excludedCount -= parts;
    return parts;
  }

  /** Looks among page frames that are excluded as a whole or in part. */
  private long keepParts(Memory physical, long from, long to) throws VmcoreException {
    long parts = 0;
    long end = to * pageSize;
    for (long at = from * pageSize; at < end; ) {
      Extent extent = physical.extentAt(at).clip(at, end - at);
      at += extent.size();
      if (extent.isPresent()) {
        long first = extent.start() / pageSize;
        long behind = (at - 1) / pageSize + 1;
        parts += behind - first - present.count(first, behind);
        present.set(first, behind);
        kept.set(first, behind);
      }
    }
    return parts;
  }

  /**
   * Puts back what is left out in runs of fewer than {@code least} page frames.
   *
   * @return how many page frames that were
   */
  public long keepShortRuns(long least) {
    long[] back = {0};
    eachLeftOut(
        (from, to) -> {
          if (to - from < least) {
            kept.set(from, to);
            back[0] += to - from;
          }
        });
    return back[0];
  }

  /** Nothing that is present is left out. */
  public void keepAll() {
    eachRun(present, kept::set);
  }

  /** Adds to {@code set} what is present and isn't kept. */
  public void addLeftOut(PfnBitmap set) {
    eachLeftOut(set::set);
  }

  /** Page frames in a row. */
  private interface Run {
    /** Those from {@code from} to in front of {@code to}. */
    void of(long from, long to);
  }

  /** What is present and isn't kept; what {@code run} keeps of it lies in its own run. */
  private void eachLeftOut(Run run) {
    eachRun(
        present,
        (at, end) -> {
          for (long from = kept.nextClear(at, end); from < end; ) {
            long to = kept.nextSet(from, end);
            run.of(from, to);
            from = kept.nextClear(to, end);
          }
        });
  }

  private static void eachRun(PfnBitmap set, Run run) {
    for (long from = set.nextSet(0); from < set.frames(); ) {
      long to = set.nextClear(from);
      run.of(from, to);
      from = set.nextSet(to);
    }
  }

  /**
   * The first page frame from {@code from} on that is present and isn't kept; {@code to} when there
   * is none before it.
   */
  public long nextLeftOut(long from, long to) {
    long at = kept.nextClear(from, to);
    while (at < to && !present.get(at)) {
      at = kept.nextClear(present.nextSet(at, to), to);
    }
    return at;
  }

  /**
   * The first page frame from {@code from} on that is kept, or isn't present as a whole; {@code to}
   * when there is none before it.
   */
  public long nextNotLeftOut(long from, long to) {
    return kept.nextSet(from, present.nextClear(from, to));
  }

  /** Leaves out the page frames of {@code set}. */
  public void leaveOut(PfnBitmap set) {
    eachRun(set, kept::clear);
  }

  /** In bytes. */
  public long pageSize() {
    return pageSize;
  }

  /** Behind the last page frame. */
  public long frames() {
    return ram.frames();
  }

  /** The page frames with RAM. */
  public PfnBitmap ram() {
    return ram;
  }

  /** Those that are present. */
  public PfnBitmap present() {
    return present;
  }

  /** Those that are present and to be kept: what is left out is taken out of it. */
  public PfnBitmap kept() {
    return kept;
  }

  /**
   * Adds those that are lost to those that are to be kept: that they should be there has to show.
   */
  public void keepLost() {
    eachRun(lost, kept::set);
  }

  /** Those that are lost. */
  public PfnBitmap lost() {
    return lost;
  }

  /** How many the source has excluded. */
  public long excluded() {
    return excludedCount;
  }

  /** How many were known to be lost. */
  public long lostBefore() {
    return lostCount;
  }

  @Override
  public void close() {
    ram.close();
    present.close();
    kept.close();
    lost.close();
  }
}
