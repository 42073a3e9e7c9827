package org.vmcore.kdump;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.vmcore.io.ByteSource;
import org.vmcore.io.VmcoreException;

/** Native memory for large reads, which a mapped file serves best when they go past its mapping. */
final class Scratch implements AutoCloseable {
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment bytes;

  Scratch(int size) {
    bytes = arena.allocate(size);
  }

  /**
   * Reads {@code wanted} bytes at {@code offset} into {@code target}; gives how many there were.
   */
  int read(ByteSource file, long offset, byte[] target, int wanted) throws VmcoreException {
    int got = (int) file.read(offset, bytes.asSlice(0, wanted));
    MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, 0, target, 0, got);
    return got;
  }

  @Override
  public void close() {
    arena.close();
  }
}
