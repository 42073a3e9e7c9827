package org.vmcore.image;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.io.FileSlice;
import org.vmcore.memory.Chunk;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.OldMemory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.oldmem.CountedPages;
import org.vmcore.oldmem.FileBacked;
import org.vmcore.oldmem.PageTally;

/** Whole pages of a PT_LOAD, which stay in old memory; what isn't RAM there reads as zeros. */
final class WholePages extends Piece {
  private final OldMemory memory;

  /** What to add to an image offset to get its address in old memory. */
  private final long shift;

  private final int segment;

  /**
   * The pages from {@code address} of old memory on.
   *
   * @param segment the index of the exported program header
   */
  WholePages(long start, long end, OldMemory memory, long address, int segment) {
    super(start, end);
    this.memory = memory;
    this.shift = address - start;
    this.segment = segment;
  }

  @Override
  long read(long offset, MemorySegment dst, long at, long wanted) throws VmcoreException {
    long done = 0;
    while (true) {
      done += readMemory(offset + done, dst, at + done, wanted - done);
      if (done == wanted) {
        return done;
      }
      long hole = readHole(offset + done, dst, at + done, wanted - done);
      done += hole;
      if (hole == 0 || done == wanted) {
        return done;
      }
    }
  }

  private long readMemory(long offset, MemorySegment dst, long at, long wanted)
      throws VmcoreException {
    return memory.read(offset + shift, wanted == dst.byteSize() ? dst : dst.asSlice(at, wanted));
  }

  /** Zeros, where old memory gives nothing because it isn't RAM. */
  private long readHole(long offset, MemorySegment dst, long at, long wanted)
      throws VmcoreException {
    Extent extent = memory.extentAt(offset + shift);
    return extent.state() == PageState.NOT_RAM
        ? Zeros.fill(dst, at, extent.clip(offset + shift, wanted).size())
        : 0;
  }

  @Override
  Extent extentAt(long offset) throws VmcoreException {
    return moved(memory.extentAt(offset + shift), start() + shift, size(), -shift);
  }

  @Override
  Optional<Finding> lossAt(long offset) throws VmcoreException {
    return memory.lossAt(offset + shift);
  }

  @Override
  long blank(long offset, long most) throws VmcoreException {
    return memory.blank(offset + shift, Math.min(most, end() - offset));
  }

  /** Counts pages from {@code offset} on, as {@link CountedPages#count} does. */
  long count(long offset, long wanted, long pageSize, PageTally tally) throws VmcoreException {
    long address = offset + shift;
    long size = Math.min(wanted, end() - offset) & -pageSize;
    return memory instanceof CountedPages pages && (address & pageSize - 1) == 0 && size > 0
        ? pages.count(address, size, pageSize, tally)
        : 0;
  }

  @Override
  Optional<FileSlice> backing(long offset, long wanted) throws VmcoreException {
    return FileBacked.of(memory, offset + shift, Math.min(wanted, end() - offset));
  }

  @Override
  Chunk chunk() {
    return new Chunk.OldMem(start(), size(), OptionalLong.of(start() + shift), segment);
  }
}
