package org.vmcore.convert.filter;

import java.lang.foreign.MemorySegment;
import java.util.OptionalLong;
import org.vmcore.convert.pages.PfnBitmap;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;

/** One thread's reading of struct pages: a stretch of page frames at a time. Not thread-safe. */
final class SectionMaps {
  /** Struct pages that are read at once: 256 KiB of them, mostly. */
  private static final int PIECE = 1 << 12;

  private final MemSections sections;
  private final StructPages pages;
  private final Memory memory;
  private final PfnBitmap kept;
  private final long pageSize;
  private final LostMaps lost;
  private final byte[] bytes;
  private final MemorySegment segment;
  private final int[] classes = new int[PIECE];

  SectionMaps(
      MemSections sections, StructPages pages, PfnBitmap kept, long pageSize, LostMaps lost) {
    this.sections = sections;
    this.pages = pages;
    this.memory = sections.memory();
    this.kept = kept;
    this.pageSize = pageSize;
    this.lost = lost;
    this.bytes = new byte[PIECE * pages.size()];
    this.segment = MemorySegment.ofArray(bytes);
  }

  /** Is told what struct pages say. */
  interface Classes {
    /** The classes of {@code count} page frames from {@code pfn} on. */
    void classes(int[] classes, int count, long pfn);
  }

  /**
   * Reads the struct pages of the page frames from {@code from} to in front of {@code to}, where
   * any of these is kept, and tells {@code out} of them by ascending page frame number.
   */
  void read(long from, long to, Classes out) throws VmcoreException {
    long known = -1;
    long map = MemSections.ABSENT;
    for (long pfn = first(from, to); pfn < to; ) {
      long section = pfn >>> sections.pageBits();
      if (section != known) {
        known = section;
        map = sections.map(section);
      }
      long end = Math.min(to, Math.min(pfn + PIECE, (section + 1) << sections.pageBits()));
      if (map == MemSections.ABSENT) {
        end = Math.min(to, (section + 1) << sections.pageBits());
        noMap(section, kept.count(Math.max(from, pfn), end));
      } else {
        read(map, pfn, end, out);
      }
      pfn = Math.max(end, first(end, to));
    }
  }

  /** Where the piece begins that has the first page from {@code from} on; {@code to} if none. */
  private long first(long from, long to) {
    long pfn = kept.nextSet(from, to);
    return pfn < to ? pfn & -PIECE : to;
  }

  private void noMap(long section, long count) throws VmcoreException {
    OptionalLong fault = sections.fault(section);
    if (fault.isPresent()) {
      lost.noTable(memory, fault.getAsLong(), count);
    } else {
      lost.noSection(count);
    }
  }

  private void read(long map, long from, long to, Classes out) throws VmcoreException {
    int size = pages.size();
    long pfn = from;
    while (pfn < to) {
      long address = map + pfn * size;
      long got = memory.read(address, segment.asSlice(0, (to - pfn) * size));
      int whole = (int) (got / size);
      if (whole > 0) {
        pages.classify(bytes, whole, pfn, classes);
        out.classes(classes, whole, pfn);
      }
      pfn += whole;
      if (pfn < to) {
        long end = Math.min(to, pfn + missing(address + got, map + pfn * size));
        lost.unreadable(memory, address + got, kept.count(pfn, end));
        pfn = end;
      }
    }
  }

  /** How many struct pages from the one at {@code at} on reach into the page of {@code gap}. */
  private long missing(long gap, long at) {
    long end = (gap & -pageSize) + pageSize;
    return Math.ceilDiv(end - at, pages.size());
  }
}
