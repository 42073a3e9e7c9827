package org.vmcore.oldmem;

import java.lang.foreign.MemorySegment;
import org.vmcore.memory.Extent;
import org.vmcore.memory.OldMemory;
import org.vmcore.memory.PageState;
import org.vmcore.values.Bytes;

/** Bytes that were made, at an address of their own; what lies around them is another memory's. */
public final class BytesMemory implements OldMemory {
  private final long start;
  private final MemorySegment bytes;

  private BytesMemory(long start, MemorySegment bytes) {
    this.start = start;
    this.bytes = bytes;
  }

  /** {@code bytes}, which are not copied, from {@code start} on. */
  public static BytesMemory at(long start, byte[] bytes) {
    return new BytesMemory(start, MemorySegment.ofArray(bytes).asReadOnly());
  }

  @Override
  public long read(long address, MemorySegment dst) {
    long here = address - start;
    if (here < 0 || here >= bytes.byteSize()) {
      return 0;
    }
    long n = Math.min(dst.byteSize(), bytes.byteSize() - here);
    Bytes.copy(bytes, here, dst, 0, n);
    return n;
  }

  @Override
  public Extent extentAt(long address) {
    long size = bytes.byteSize();
    if (size == 0) {
      return Extent.nowhere(address);
    }
    if (Long.compareUnsigned(address, start) < 0) {
      return new Extent(0, start, PageState.NOT_RAM);
    }
    return address - start >= 0 && address - start < size
        ? new Extent(start, size, PageState.PRESENT)
        : new Extent(start + size, -start - size, PageState.NOT_RAM);
  }
}
