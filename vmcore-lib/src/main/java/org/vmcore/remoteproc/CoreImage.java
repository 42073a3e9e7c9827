package org.vmcore.remoteproc;

import java.lang.foreign.MemorySegment;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Bytes;

/** A core file by its offsets: headers from a buffer, then segments from where they come. */
final class CoreImage implements Memory {
  private final CoreLayout layout;
  private final SegmentBytes segments;

  CoreImage(CoreLayout layout, SegmentBytes segments) {
    this.layout = layout;
    this.segments = segments;
  }

  /** In bytes. */
  long headerSize() {
    return layout.headers().byteSize();
  }

  /**
   * Goes on over the ends of segments until {@code dst} is full or the core ends. What fails behind
   * the first byte makes the read short: the count says what was copied, and the next read fails.
   */
  @Override
  public long read(long address, MemorySegment dst) throws VmcoreException {
    if (Long.compareUnsigned(address, layout.size()) >= 0) {
      return 0;
    }
    long want = Math.min(dst.byteSize(), layout.size() - address);
    long done = readHeaders(address, dst, want);
    while (done < want) {
      try {
        done += readSegment(address + done, dst.asSlice(done, want - done));
      } catch (VmcoreException e) {
        if (done == 0) {
          throw e;
        }
        return done;
      }
    }
    return done;
  }

  private long readHeaders(long address, MemorySegment dst, long want) {
    long count = Math.clamp(headerSize() - address, 0, want);
    if (count > 0) {
      Bytes.copy(layout.headers(), address, dst, 0, count);
    }
    return count;
  }

  private long readSegment(long address, MemorySegment dst) throws VmcoreException {
    int index = layout.segmentAt(address);
    long offset = address - layout.start(index);
    long left = layout.segments().get(index).size() - offset;
    return segments.read(index, offset, dst.asSlice(0, Math.min(left, dst.byteSize())));
  }

  /** All of the core is present: what has no mapping reads as 0xff. */
  @Override
  public Extent extentAt(long address) {
    long size = layout.size();
    return Long.compareUnsigned(address, size) < 0
        ? new Extent(0, size, PageState.PRESENT)
        : new Extent(size, -size, PageState.NOT_RAM);
  }

  @Override
  public String absenceAt(long address) {
    return "the core ends before it";
  }

  /** Where a core's segments come from: the device, or a copy. */
  interface SegmentBytes {
    /**
     * Copies bytes of a segment, which all of {@code dst} lies in.
     *
     * @param index of the segment
     * @param offset in the segment, in bytes
     * @return the bytes copied, at least one
     * @throws VmcoreException when the first of them can't be had
     */
    long read(int index, long offset, MemorySegment dst) throws VmcoreException;
  }
}
