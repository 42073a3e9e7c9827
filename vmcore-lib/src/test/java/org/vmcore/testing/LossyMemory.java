package org.vmcore.testing;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.OldMemory;
import org.vmcore.memory.PageState;

/**
 * Old memory of 4 KiB pages of which some are broken: they are present until they are read, as a
 * compressed page is that can't be decompressed. The others hold {@link DumpBuilder#pattern}.
 */
public final class LossyMemory implements OldMemory {
  private static final long PAGE = 4096;

  private final long size;
  private final Set<Long> broken;

  /** The addresses of broken pages that were read. */
  private final NavigableSet<Long> lost = new ConcurrentSkipListSet<>();

  private LossyMemory(long size, Set<Long> broken) {
    this.size = size;
    this.broken = broken;
  }

  /** {@code size} bytes from address 0 on, the pages at these addresses broken. */
  public static LossyMemory of(long size, long... broken) {
    Set<Long> pages = new TreeSet<>();
    for (long page : broken) {
      pages.add(page);
    }
    return new LossyMemory(size, pages);
  }

  @Override
  public long read(long address, MemorySegment dst) {
    long done = 0;
    while (done < dst.byteSize() && address + done < size) {
      long page = address + done & -PAGE;
      if (broken.contains(page)) {
        lost.add(page);
        break;
      }
      dst.set(ValueLayout.JAVA_BYTE, done, DumpBuilder.patternAt(address + done));
      done++;
    }
    return done;
  }

  @Override
  public Extent extentAt(long address) {
    if (address < 0 || address >= size) {
      return new Extent(size, -size, PageState.NOT_RAM);
    }
    Long below = lost.floor(address);
    if (below != null && address < below + PAGE) {
      return new Extent(below, PAGE, PageState.LOST);
    }
    Long above = lost.higher(address);
    long start = below == null ? 0 : below + PAGE;
    return new Extent(start, (above == null ? size : above) - start, PageState.PRESENT);
  }

  @Override
  public Optional<Finding> lossAt(long address) {
    long page = address & -PAGE;
    return lost.contains(page)
        ? Optional.of(
            Finding.error(
                "page_data",
                0x100000 + page,
                "page frame 0x" + Long.toHexString(page / PAGE) + ": zlib: incorrect data check"))
        : Optional.empty();
  }
}
