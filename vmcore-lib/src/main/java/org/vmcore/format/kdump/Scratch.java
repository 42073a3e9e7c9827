package org.vmcore.format.kdump;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Bytes;

/** Native memory for large reads, which a mapped file serves best when they go past its mapping. */
final class Scratch implements AutoCloseable {
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment bytes;
  private final MemorySegment zeros;

  Scratch(int size) {
    bytes = arena.allocate(size);
    zeros = arena.allocate(size);
  }

  /** Reads {@code wanted} bytes at {@code offset}; gives how many there were. */
  int read(ByteSource file, long offset, int wanted) throws VmcoreException {
    return (int) file.read(offset, bytes.asSlice(0, wanted));
  }

  /** Whether the first {@code size} bytes are all 0. */
  boolean isZero(int size) {
    return bytes.asSlice(0, size).mismatch(zeros.asSlice(0, size)) < 0;
  }

  /** Copies the first {@code size} bytes. */
  void copy(byte[] target, int size) {
    Bytes.copy(bytes, 0, MemorySegment.ofArray(target), 0, size);
  }

  @Override
  public void close() {
    arena.close();
  }
}
