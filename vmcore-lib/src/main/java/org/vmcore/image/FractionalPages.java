package org.vmcore.image;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.vmcore.memory.Extent;
import org.vmcore.memory.OldMemory;
import org.vmcore.memory.VmcoreException;

/**
 * The buffers of fractional pages. Each holds the bytes that its PT_LOAD claims, and those alone
 * are read from old memory: once, by whichever thread comes first.
 */
final class FractionalPages {
  private static final int LOCKS = 64;

  private final OldMemory memory;
  private final String file;
  private final Arena arena;

  /** By slot: the claimed bytes once they were copied. */
  private final AtomicReferenceArray<@Nullable MemorySegment> buffers;

  private final Object[] locks = new Object[LOCKS];

  FractionalPages(OldMemory memory, String file, int slots, Arena arena) {
    this.memory = memory;
    this.file = file;
    this.arena = arena;
    this.buffers = new AtomicReferenceArray<>(slots);
    Arrays.setAll(locks, _ -> new Object());
  }

  /**
   * The bytes of old memory from {@code address} on; what isn't present among them is 0.
   *
   * @param slot the page's number; address and size are always the same for it
   */
  MemorySegment get(int slot, long address, long size) throws VmcoreException {
    MemorySegment buffer = buffers.get(slot);
    if (buffer != null) {
      return buffer;
    }
    synchronized (locks[slot % LOCKS]) {
      buffer = buffers.get(slot);
      if (buffer == null) {
        buffer = copy(address, size);
        buffers.set(slot, buffer);
      }
      return buffer;
    }
  }

  /** The bytes are read before their place is allocated: what fails leaves nothing behind. */
  private MemorySegment copy(long address, long size) throws VmcoreException {
    MemorySegment scratch = MemorySegment.ofArray(new byte[(int) size]);
    for (long done = 0; done < size; ) {
      Extent extent = memory.extentAt(address + done).clip(address + done, size - done);
      done +=
          extent.isPresent() ? read(extent, scratch.asSlice(done, extent.size())) : extent.size();
    }
    return allocate(size).copyFrom(scratch).asReadOnly();
  }

  /** Reads what is present, and may turn out to be lost; gives the bytes that are done with. */
  private long read(Extent present, MemorySegment dst) throws VmcoreException {
    long got = memory.read(present.start(), dst);
    if (got == 0 && memory.extentAt(present.start()).isPresent()) {
      throw VmcoreException.of(
          file, "old memory at 0x" + Long.toHexString(present.start()) + " gives no bytes");
    }
    return got;
  }

  private MemorySegment allocate(long size) throws VmcoreException {
    try {
      return arena.allocate(size);
    } catch (OutOfMemoryError e) {
      throw VmcoreException.of(file, "no memory for the buffers of fractional pages", e);
    }
  }
}
