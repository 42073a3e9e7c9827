package org.vmcore.format.kdump;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vmcore.io.FileSlice;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.OldMemory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.oldmem.CountedPages;
import org.vmcore.oldmem.FileBacked;
import org.vmcore.oldmem.PageTally;

/**
 * The memory in the pages of a dump, by physical address; above it lie the notes.
 *
 * <p>A page of bitmap1 that isn't in bitmap2 is excluded. One that was dumped and can't be had is
 * lost: in none of the files, without a descriptor, or damaged. Damage inside of a page shows only
 * when it is read; then the page's state changes.
 */
final class KdumpMemory implements FileBacked, CountedPages {
  /** The most page frames of one extent: finding its end stays cheap. */
  private static final long MOST_FRAMES = 1 << 16;

  private static final long MOST_DUMPED_FRAMES = 1 << 10;

  private final PageMap map;
  private final List<Part> parts;
  private final int shift;
  private final long end;
  private final OldMemory notes;

  /**
   * The page frames that one file holds.
   *
   * @param from the first one
   * @param to behind the last one
   * @param pages those of {@code from} to {@code to} that were dumped
   */
  record Part(long from, long to, DumpedPages pages) {}

  /**
   * The memory of {@code parts}.
   *
   * @param parts in ascending order, without overlaps
   * @param shift the binary logarithm of the page size
   * @param notes what lies behind the last page frame
   */
  KdumpMemory(PageMap map, List<Part> parts, int shift, OldMemory notes) {
    this.map = map;
    this.parts = parts;
    this.shift = shift;
    this.end = map.end() << shift;
    this.notes = notes;
  }

  @Override
  public long read(long address, MemorySegment dst) throws VmcoreException {
    if (address < 0 || address >= end) {
      return notes.read(address, dst);
    }
    long size = dst.byteSize();
    long done = 0;
    while (done < size && address + done < end) {
      long pfn = (address + done) >>> shift;
      Part part = map.isDumped(pfn) ? partOf(pfn) : null;
      if (part == null) {
        break;
      }
      int from = (int) (address + done) & (1 << shift) - 1;
      long n = Math.min(size - done, (run(part, pfn, from + size - done) << shift) - from);
      long got = part.pages.read(map.rank(pfn), from, dst.asSlice(done, n));
      done += got;
      if (got < n) {
        break;
      }
    }
    return done < size && address + done == end ? done + notes.read(end, dst.asSlice(done)) : done;
  }

  /** How many page frames in a row from {@code pfn} on {@code part} has, about {@code wanted}. */
  private long run(Part part, long pfn, long wanted) throws VmcoreException {
    long frames = ((wanted - 1) >>> shift) + 1;
    // Where bitmap1 isn't in the file, a run is of unknown page frames, dumped or not.
    return frames == 1 || map.kind(pfn) != PageMap.Kind.DUMPED
        ? 1
        : Math.min(map.runEnd(pfn, pfn + frames), part.to) - pfn;
  }

  @Override
  public Extent extentAt(long address) throws VmcoreException {
    if (address < 0 || address >= end) {
      return above(address);
    }
    long pfn = address >>> shift;
    long to = map.runEnd(pfn, pfn + MOST_FRAMES);
    return switch (map.kind(pfn)) {
      case ABSENT -> frames(pfn, to, PageState.NOT_RAM);
      case EXCLUDED -> frames(pfn, to, PageState.EXCLUDED);
      case UNKNOWN -> frames(pfn, to, PageState.LOST);
      case DUMPED -> dumped(pfn, to);
    };
  }

  private Extent above(long address) throws VmcoreException {
    Extent extent = notes.extentAt(address);
    return end > 0 && extent.state() == PageState.NOT_RAM ? extent.clip(end, -end) : extent;
  }

  private Extent dumped(long pfn, long to) throws VmcoreException {
    Part part = partOf(pfn);
    if (part == null) {
      return frames(pfn, Math.min(to, nextPart(pfn)), PageState.LOST);
    }
    long rank = map.rank(pfn);
    long most = Math.min(Math.min(to, part.to) - pfn, MOST_DUMPED_FRAMES);
    PageState state = part.pages.isThere(rank) ? PageState.PRESENT : PageState.LOST;
    return frames(pfn, pfn + part.pages.run(rank, most), state);
  }

  private Extent frames(long from, long to, PageState state) {
    return new Extent(from << shift, (to - from) << shift, state);
  }

  @Override
  public Optional<Finding> lossAt(long address) throws VmcoreException {
    if (address < 0 || address >= end) {
      return notes.lossAt(address);
    }
    long pfn = address >>> shift;
    return switch (map.kind(pfn)) {
      case ABSENT, EXCLUDED -> Optional.empty();
      case UNKNOWN -> loss(pfn, "the bitmap ends before it");
      case DUMPED -> {
        Part part = partOf(pfn);
        yield part == null
            ? loss(pfn, "in a part of the split dump that was not given (--part)")
            : part.pages.loss(map.rank(pfn)).map(loss -> loss.finding(pfn));
      }
    };
  }

  private static Optional<Finding> loss(long pfn, String why) {
    return Optional.of(PageLoss.of(why).finding(pfn));
  }

  /** What was dumped may be lost, which its descriptor tells: only the bitmaps are asked. */
  @Override
  public long blank(long address, long most) throws VmcoreException {
    if (address < 0 || address >= end || most == 0) {
      return 0;
    }
    long wanted = most < 0 ? end - address : Math.min(most, end - address);
    long last = (address + wanted - 1) >>> shift;
    long to = map.nextDumped(address >>> shift, last + 1) << shift;
    return Math.clamp(to - address, 0, wanted);
  }

  @Override
  public long count(long address, long size, long pageSize, PageTally tally)
      throws VmcoreException {
    if (pageSize != 1L << shift || address < 0 || address >= end) {
      return 0;
    }
    long from = address >>> shift;
    long to = size < 0 ? map.end() : Math.min(map.end(), from + (size >>> shift));
    map.count(from, to, tally);
    long lost = map.rank(to) - map.rank(from);
    for (Part part : parts) {
      long first = Math.max(from, part.from);
      long last = Math.min(to, part.to);
      lost -= first < last ? count(part.pages, map.rank(first), map.rank(last), tally) : 0;
    }
    tally.add(PageState.LOST, lost); // in files that were not given
    return (to - from) << shift;
  }

  /** Counts the dumped pages of these ranks; returns how many there are. */
  private static long count(DumpedPages pages, long from, long to, PageTally tally)
      throws VmcoreException {
    for (long rank = from; rank < to; ) {
      PageState state = pages.isThere(rank) ? PageState.PRESENT : PageState.LOST;
      long run = pages.run(rank, to - rank);
      tally.add(state, run);
      rank += run;
    }
    return to - from;
  }

  private @Nullable Part partOf(long pfn) {
    for (Part part : parts) {
      if (pfn >= part.from && pfn < part.to) {
        return part;
      }
    }
    return null;
  }

  /** The first page frame behind {@code pfn} that a file holds. */
  private long nextPart(long pfn) {
    for (Part part : parts) {
      if (part.from > pfn) {
        return part.from;
      }
    }
    return map.end();
  }

  /**
   * Pages are shared with no file: few of them lie in it as they are, and none at a page's start.
   */
  @Override
  public Optional<FileSlice> backing(long address, long size) throws VmcoreException {
    return address >= end ? FileBacked.of(notes, address, size) : Optional.empty();
  }
}
