package org.vmcore.convert.elf;

import java.util.List;
import java.util.Optional;
import org.vmcore.Vmcore;
import org.vmcore.convert.pages.SourcePages;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.memory.Extent;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;

/** Cuts a dump's PT_LOADs where something isn't in the dump, or isn't to be written. */
final class SegmentCut {
  /** The most program headers that are read again. */
  private static final int MOST = 1 << 20;

  private final Vmcore vmcore;
  private final Optional<SourcePages> pages;
  private final int shift;
  private final Pieces pieces = new Pieces();

  /** The run so far: of what kind it is, where it begins and ends. */
  private PageState kind = PageState.NOT_RAM;

  private long from;
  private long to;

  private SegmentCut(Vmcore vmcore, Optional<SourcePages> pages) {
    this.vmcore = vmcore;
    this.pages = pages;
    this.shift = Long.numberOfTrailingZeros(vmcore.pageSize());
  }

  /**
   * The pieces of {@code vmcore}'s PT_LOADs.
   *
   * @param pages which page frames are kept; empty when all are
   * @throws VmcoreException when there are too many, the dump is closed, or its file fails
   */
  static Pieces of(Vmcore vmcore, Optional<SourcePages> pages) throws VmcoreException {
    return new SegmentCut(vmcore, pages).cut();
  }

  private Pieces cut() throws VmcoreException {
    List<ProgramHeader> segments = vmcore.segments();
    for (int i = 0; i < segments.size(); i++) {
      if (segments.get(i).isLoad()) {
        cut(i, segments.get(i));
      }
    }
    return pieces;
  }

  private void cut(int index, ProgramHeader segment) throws VmcoreException {
    long end = segment.offset() + segment.memsz();
    kind = PageState.NOT_RAM;
    to = segment.offset();
    for (long at = segment.offset(); at < end; ) {
      Extent extent = vmcore.extentAt(at);
      long stop = Math.min(end, at + extent.sizeFrom(at));
      if (extent.isPresent() && pages.isPresent() && segment.isPhysicalKnown()) {
        filter(index, segment, at, stop, pages.get());
      } else {
        run(index, extent.state(), at, stop);
      }
      at = stop;
    }
    flush(index);
  }

  /** Tells what is kept of bytes that are present. */
  private void filter(int index, ProgramHeader segment, long at, long stop, SourcePages set)
      throws VmcoreException {
    long shifted = segment.paddr() - segment.offset();
    long last = ((stop - 1 + shifted) >>> shift) + 1;
    for (long begin = at; begin < stop; ) {
      long pfn = (begin + shifted) >>> shift;
      long left = set.nextLeftOut(pfn, last);
      boolean isKept = pfn < left;
      long behind = isKept ? left : set.nextNotLeftOut(pfn, last);
      long end = Math.min(stop, (behind << shift) - shifted);
      run(index, isKept ? PageState.PRESENT : PageState.EXCLUDED, begin, end);
      begin = end;
    }
  }

  private void run(int index, PageState state, long begin, long end) throws VmcoreException {
    if (state != kind) {
      flush(index);
      kind = state;
      from = begin;
    }
    to = end;
  }

  private void flush(int index) throws VmcoreException {
    switch (kind) {
      case PRESENT -> pieces.add(index, from, to - from);
      case EXCLUDED -> pieces.addExcluded(index, from, to - from);
      case LOST -> pieces.addLost(index, from, to - from);
      case NOT_RAM -> {} // no program header tells of it
    }
    kind = PageState.NOT_RAM;
    if (pieces.count() >= MOST) {
      throw VmcoreException.of(
          vmcore.name(),
          "what is in it lies in more than " + MOST + " pieces: too many for an ELF dump");
    }
  }
}
