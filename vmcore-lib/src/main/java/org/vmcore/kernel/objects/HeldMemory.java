package org.vmcore.kernel.objects;

import java.lang.foreign.MemorySegment;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Bytes;

/** A range of a memory, read once and held; what can't be read, and all else, is the memory's. */
final class HeldMemory implements Memory {
  private static final int PIECE = 4096;

  private final Memory memory;
  private final long start;
  private final byte[] bytes;

  /** Up to where each piece could be read. */
  private final int[] got;

  private HeldMemory(Memory memory, long start, int size) {
    this.memory = memory;
    this.start = start;
    this.bytes = new byte[size];
    this.got = new int[(size + PIECE - 1) / PIECE];
  }

  /** The {@code size} bytes at {@code start}. */
  static HeldMemory of(Memory memory, long start, int size) throws VmcoreException {
    HeldMemory held = new HeldMemory(memory, start, size);
    MemorySegment all = MemorySegment.ofArray(held.bytes);
    for (int i = 0; i < held.got.length; i++) {
      int from = i * PIECE;
      int length = Math.min(PIECE, size - from);
      held.got[i] = from + (int) memory.read(start + from, all.asSlice(from, length));
    }
    return held;
  }

  @Override
  public long read(long address, MemorySegment dst) throws VmcoreException {
    long from = address - start;
    long to = from + dst.byteSize();
    if (from < 0 || to > bytes.length || to < from || !isHeld((int) from, (int) to)) {
      return memory.read(address, dst);
    }
    Bytes.copy(MemorySegment.ofArray(bytes), from, dst, 0, dst.byteSize());
    return dst.byteSize();
  }

  private boolean isHeld(int from, int to) {
    for (int at = from; at < to; at = (at / PIECE + 1) * PIECE) {
      if (got[at / PIECE] < Math.min(to, (at / PIECE + 1) * PIECE)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Extent extentAt(long address) throws VmcoreException {
    return memory.extentAt(address);
  }

  @Override
  public String absenceAt(long address) throws VmcoreException {
    return memory.absenceAt(address);
  }
}
