package org.vmcore.image;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.OldMemory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Bytes;
import org.vmcore.values.Hex;

/**
 * The buffers of fractional pages. Each holds the bytes that its PT_LOAD claims, and those alone
 * are read from old memory: once, by whichever thread comes first. Then old memory is asked nothing
 * of them any more.
 */
final class FractionalPages {
  private static final int LOCKS = 64;

  private final OldMemory memory;
  private final String file;
  private final Arena arena;

  /** By slot: the claimed bytes once they were copied. */
  private final AtomicReferenceArray<@Nullable CopiedBytes> buffers;

  private final Object[] locks = new Object[LOCKS];

  /**
   * Room for {@code slots} pages of {@code memory}.
   *
   * @param file named in errors
   * @param arena the buffers live in it
   */
  FractionalPages(OldMemory memory, String file, int slots, Arena arena) {
    this.memory = memory;
    this.file = file;
    this.arena = arena;
    this.buffers = new AtomicReferenceArray<>(slots);
    for (int i = 0; i < LOCKS; i++) {
      locks[i] = new Object();
    }
  }

  /**
   * The bytes of old memory from {@code address} on, copied.
   *
   * @param slot the page's number; address and size are always the same for it
   */
  CopiedBytes copied(int slot, long address, long size) throws VmcoreException {
    CopiedBytes buffer = buffers.get(slot);
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

  /** The bytes around {@code address} of {@code slot}'s page: as they were copied, if they were. */
  Extent extentAt(int slot, long address) throws VmcoreException {
    CopiedBytes buffer = buffers.get(slot);
    return buffer != null ? buffer.extentAt(address) : memory.extentAt(address);
  }

  /** Why the byte at {@code address} is lost. */
  Optional<Finding> lossAt(long address) throws VmcoreException {
    return memory.lossAt(address);
  }

  /** The bytes are read before their place is allocated: what fails leaves nothing behind. */
  private CopiedBytes copy(long address, long size) throws VmcoreException {
    MemorySegment scratch = MemorySegment.ofArray(new byte[(int) size]);
    List<Extent> gaps = new ArrayList<>();
    long held = 0;
    for (long done = 0; done < size; ) {
      Extent extent = memory.extentAt(address + done).clip(address + done, size - done);
      if (extent.isPresent()) {
        done += read(extent, scratch.asSlice(done, extent.size()));
        held = done;
      } else {
        gaps.add(extent);
        done += extent.size();
      }
    }
    MemorySegment bytes = allocate(held);
    Bytes.copy(scratch, 0, bytes, 0, held);
    return new CopiedBytes(address, address + size, bytes.asReadOnly(), List.copyOf(gaps));
  }

  /** Reads what is present, and may turn out to be lost; gives the bytes that are done with. */
  private long read(Extent present, MemorySegment dst) throws VmcoreException {
    long got = memory.read(present.start(), dst);
    if (got == 0 && memory.extentAt(present.start()).isPresent()) {
      throw VmcoreException.of(
          file, "old memory at " + Hex.of(present.start()) + " gives no bytes");
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
