package org.vmcore.convert.pages;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Bytes;

/** Reads whole page frames: where a part of one isn't RAM, or is excluded, it is zeros. */
public final class PageReader {
  /** Bytes that are read past the array: a file's go there faster, by the system. */
  private static final int SCRATCH = 1 << 19;

  /** Reads of fewer bytes go right to the array. */
  private static final int LEAST = 1 << 16;

  private final Memory physical;
  private final int most;
  private final ThreadLocal<MemorySegment> scratch;
  private final int pageSize;
  private final int shift;

  /** Reads page frames of {@code pageSize} bytes of {@code physical} memory. */
  public PageReader(Memory physical, long pageSize) {
    this.physical = physical;
    this.pageSize = Math.toIntExact(pageSize);
    this.shift = Long.numberOfTrailingZeros(pageSize);
    this.most = Math.max(SCRATCH, this.pageSize);
    this.scratch = ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(most));
  }

  /** Is told which page couldn't be had. */
  @FunctionalInterface
  public interface Losses {
    /** The {@code index}-th of the pages that were asked for is lost. */
    void lost(int index);
  }

  /**
   * Reads the {@code count} page frames from {@code pfn} on.
   *
   * @param bytes takes them
   * @param at where in {@code bytes} the first one goes
   * @param losses is told of those that can't be had; what {@code bytes} has in their place is
   *     undefined
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public void read(long pfn, int count, byte[] bytes, int at, Losses losses)
      throws VmcoreException {
    MemorySegment dst = MemorySegment.ofArray(bytes).asSlice(at, (long) count << shift);
    for (int page = 0; page < count; ) {
      long done = (long) page << shift;
      long wanted = Math.min(most, dst.byteSize() - done);
      long got = read((pfn << shift) + done, dst.asSlice(done, wanted));
      page += (int) (got >>> shift);
      if (got < wanted) {
        int from = at + (page << shift);
        if (!readParts((pfn + page) << shift, bytes, from)) {
          losses.lost(page);
        }
        page++;
      }
    }
  }

  private long read(long address, MemorySegment dst) throws VmcoreException {
    if (dst.byteSize() < LEAST) {
      return physical.read(address, dst);
    }
    MemorySegment block = scratch.get().asSlice(0, dst.byteSize());
    long got = physical.read(address, block);
    Bytes.copy(block, 0, dst, 0, got);
    return got;
  }

  /** Reads one page part by part; gives whether nothing of it is lost. */
  private boolean readParts(long address, byte[] bytes, int at) throws VmcoreException {
    MemorySegment dst = MemorySegment.ofArray(bytes).asSlice(at, pageSize);
    int done = 0;
    while (done < pageSize) {
      done += (int) physical.read(address + done, dst.asSlice(done));
      if (done < pageSize) {
        Extent gap = Extent.unread(physical, address + done);
        if (gap.state() == PageState.LOST) {
          return false;
        }
        long size = gap.sizeFrom(address + done);
        int end = size < 0 || size > pageSize - done ? pageSize : done + (int) size;
        Arrays.fill(bytes, at + done, at + end, (byte) 0);
        done = end;
      }
    }
    return true;
  }
}
