package org.vmcore.image;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.vmcore.memory.Extent;
import org.vmcore.memory.PageState;
import org.vmcore.values.Bytes;

/**
 * Bytes of old memory as they were when they were copied, and what of them was not present. All
 * addresses are old memory's.
 */
final class CopiedBytes {
  private final long start;
  private final long end;
  private final MemorySegment bytes;
  private final List<Extent> gaps;

  /**
   * The bytes from {@code start} to {@code end}.
   *
   * @param bytes from the first one to the last that is present
   * @param gaps what isn't present, in ascending order
   */
  CopiedBytes(long start, long end, MemorySegment bytes, List<Extent> gaps) {
    this.start = start;
    this.end = end;
    this.bytes = bytes;
    this.gaps = gaps;
  }

  /** Copies {@code wanted} bytes, up to the first that is excluded or lost; no RAM is zeros. */
  long read(long address, MemorySegment dst, long at, long wanted) {
    long done = 0;
    while (done < wanted) {
      Extent extent = extentAt(address + done).clip(address + done, wanted - done);
      if (extent.isPresent()) {
        Bytes.copy(bytes, extent.start() - start, dst, at + done, extent.size());
      } else if (extent.state() == PageState.NOT_RAM) {
        Zeros.fill(dst, at + done, extent.size());
      } else {
        break;
      }
      done += extent.size();
    }
    return done;
  }

  /** The bytes around {@code address} that shared its state. */
  Extent extentAt(long address) {
    long from = start;
    for (Extent gap : gaps) {
      if (gap.contains(address)) {
        return gap;
      }
      if (Long.compareUnsigned(address, gap.start()) < 0) {
        return new Extent(from, gap.start() - from, PageState.PRESENT);
      }
      from = gap.end();
    }
    return new Extent(from, end - from, PageState.PRESENT);
  }
}
