package org.vmcore.segments;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.oldmem.CountedPages;
import org.vmcore.oldmem.PageTally;

/**
 * Memory by the addresses that the PT_LOADs tell: physical by p_paddr, or virtual by p_vaddr. It
 * reads through the image, so that a fractional page is not read from old memory again. Where no
 * PT_LOAD tells of an address it is not RAM.
 */
public final class SegmentMemory implements Memory, CountedPages {
  private final Memory image;
  private final SegmentIndex index;
  private final String nothing;

  /** By exported program header: what to add to an address to get its image offset. */
  private final long[] shift;

  private SegmentMemory(
      Memory image,
      List<ProgramHeader> segments,
      Optional<VirtualAddresses> virtual,
      String nothing) {
    this.image = image;
    this.nothing = nothing;
    shift = new long[segments.size()];
    Ranges ranges = new Ranges(2 * segments.size());
    for (int i = 0; i < segments.size(); i++) {
      ProgramHeader segment = segments.get(i);
      boolean known =
          virtual.isPresent() ? virtual.get().isKnown(segment) : segment.isPhysicalKnown();
      if (!segment.isLoad() || !known) {
        continue;
      }
      long start = virtual.isPresent() ? segment.vaddr() : segment.paddr();
      shift[i] = segment.offset() - start;
      long size = virtual.isPresent() ? virtual.get().size(segment) : segment.memsz();
      long inFile = Math.min(segment.filesz(), size);
      inFile = inFile < 0 ? size : inFile;
      ranges.add(start, inFile, i, i);
      ranges.add(start + inFile, size - inFile, i, segments.size() + i);
    }
    index = ranges.index();
  }

  /** {@code image} by p_paddr of {@code segments}. */
  static SegmentMemory physical(Memory image, List<ProgramHeader> segments, String nothing) {
    return new SegmentMemory(image, segments, Optional.empty(), nothing);
  }

  /** {@code image} by those p_vaddr of {@code segments} that are known. */
  static SegmentMemory virtual(
      Memory image, List<ProgramHeader> segments, VirtualAddresses known, String nothing) {
    return new SegmentMemory(image, segments, Optional.of(known), nothing);
  }

  @Override
  public long read(long address, MemorySegment dst) throws VmcoreException {
    long done = 0;
    while (done < dst.byteSize()) {
      int run = index.find(address + done);
      if (run < 0) {
        break;
      }
      long wanted = Math.min(dst.byteSize() - done, left(run, address + done));
      boolean whole = wanted == dst.byteSize();
      long got =
          image.read(
              address + done + shift[index.owner(run)], whole ? dst : dst.asSlice(done, wanted));
      done += got;
      if (got < wanted || index.end(run) == 0) {
        break;
      }
    }
    return done;
  }

  @Override
  public Extent extentAt(long address) throws VmcoreException {
    int run = index.find(address);
    if (run < 0) {
      return hole(address, -run - 1);
    }
    long shifted = shift[index.owner(run)];
    long start = index.start(run);
    Extent extent = image.extentAt(address + shifted).clip(start + shifted, index.end(run) - start);
    return new Extent(extent.start() - shifted, extent.size(), extent.state());
  }

  @Override
  public Optional<Finding> lossAt(long address) throws VmcoreException {
    int run = index.find(address);
    return run < 0 ? Optional.empty() : image.lossAt(address + shift[index.owner(run)]);
  }

  @Override
  public String absenceAt(long address) throws VmcoreException {
    int run = index.find(address);
    return run < 0 ? nothing : image.absenceAt(address + shift[index.owner(run)]);
  }

  @Override
  public long blank(long address, long most) throws VmcoreException {
    long done = 0;
    while (Long.compareUnsigned(done, most) < 0) {
      int run = index.find(address + done);
      long size =
          run < 0
              ? hole(address + done, -run - 1).sizeFrom(address + done)
              : index.end(run) - (address + done);
      long left = most - done;
      long here = Long.compareUnsigned(size - 1, left) < 0 ? size : left;
      long blank = run < 0 ? here : image.blank(address + done + shift[index.owner(run)], here);
      done += blank;
      if (blank != here || address + done == 0) {
        break;
      }
    }
    return done;
  }

  @Override
  public long count(long address, long most, long pageSize, PageTally tally)
      throws VmcoreException {
    int run = index.find(address);
    if (run < 0 || !(image instanceof CountedPages pages) || (address & pageSize - 1) != 0) {
      return 0;
    }
    long left = left(run, address);
    long size = (Long.compareUnsigned(left, most) < 0 ? left : most) & -pageSize;
    return size == 0 ? 0 : pages.count(address + shift[index.owner(run)], size, pageSize, tally);
  }

  private Extent hole(long address, int next) {
    long start = next == 0 ? 0 : index.end(next - 1);
    long end = next == index.count() ? 0 : index.start(next);
    return start == end
        ? Extent.nowhere(address)
        : new Extent(start, end - start, PageState.NOT_RAM);
  }

  /** The end of the last segment; 0 is 2^64, or that there is none. */
  long end() {
    return index.count() == 0 ? 0 : index.end(index.count() - 1);
  }

  boolean isEmpty() {
    return index.count() == 0;
  }

  /** How many bytes some segment tells of. */
  public long covered() {
    long sum = 0;
    for (int run = 0; run < index.count(); run++) {
      sum += index.end(run) - index.start(run);
    }
    return sum;
  }

  private long left(int run, long address) {
    long left = index.end(run) - address;
    return left < 0 ? Long.MAX_VALUE : left;
  }

  /** Collects the ranges of an index. */
  private static final class Ranges {
    private final long[] start;
    private final long[] end;
    private final int[] owner;
    private final int[] rank;
    private int count;

    Ranges(int most) {
      start = new long[most];
      end = new long[most];
      owner = new int[most];
      rank = new int[most];
    }

    void add(long from, long size, int whose, int ranked) {
      if (size > 0) {
        start[count] = from;
        end[count] = from + size;
        owner[count] = whose;
        rank[count++] = ranked;
      }
    }

    SegmentIndex index() {
      return SegmentIndex.of(
          Arrays.copyOf(start, count), Arrays.copyOf(end, count),
          Arrays.copyOf(owner, count), Arrays.copyOf(rank, count));
    }
  }
}
