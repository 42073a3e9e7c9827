package org.vmcore.find;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Bytes;

/** Memory for one unit: its bytes, and what is found in them. */
final class Piece implements AutoCloseable {
  private final Arena arena = Arena.ofShared();

  /** A file's bytes go there faster, by the system; loops over an array are the fastest. */
  private final MemorySegment scratch;

  private final byte[] bytes;
  private long[] addresses = new long[16];
  private int[] needles = new int[16];
  private int count;
  private final List<Extent> lost = new ArrayList<>();

  Piece(int size) {
    scratch = arena.allocate(size);
    bytes = new byte[size];
  }

  void clear() {
    count = 0;
    lost.clear();
  }

  /** Reads {@code wanted} bytes; gives how many could be. */
  int read(Memory memory, long address, int wanted) throws VmcoreException {
    int got = (int) memory.read(address, scratch.asSlice(0, wanted));
    Bytes.copy(scratch, 0, MemorySegment.ofArray(bytes), 0, got);
    return got;
  }

  /** What was read, from the array's start on. */
  byte[] bytes() {
    return bytes;
  }

  void found(long address, int needle) {
    if (count == addresses.length) {
      addresses = Arrays.copyOf(addresses, 2 * count);
      needles = Arrays.copyOf(needles, 2 * count);
    }
    addresses[count] = address;
    needles[count++] = needle;
  }

  int count() {
    return count;
  }

  long address(int index) {
    return addresses[index];
  }

  int needle(int index) {
    return needles[index];
  }

  /** Takes bytes that are lost. */
  void lost(Extent extent) {
    lost.add(extent);
  }

  List<Extent> lost() {
    return lost;
  }

  @Override
  public void close() {
    arena.close();
  }
}
