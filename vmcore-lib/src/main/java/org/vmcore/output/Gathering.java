package org.vmcore.output;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.vmcore.memory.VmcoreException;

/** Bytes in a row that are gathered in a block, which is written when it is full. */
final class Gathering implements Appender {
  /**
   * Bytes in a block: it stays in the cache of a core, which is faster than a larger one, and few
   * pages of memory are touched.
   */
  static final int BLOCK = 1 << 18;

  private final boolean sparse;
  private final Outlet outlet;

  /** What is gathered. */
  private MemorySegment block;

  /** Output position of the block's first byte: a multiple of 4 KiB. */
  private long start;

  private int filled;

  /** Where blocks go. */
  @FunctionalInterface
  interface Outlet {
    /**
     * Takes the first {@code filled} bytes of {@code block}, which belong at byte {@code start} of
     * the output; gives the block to fill next.
     */
    MemorySegment write(MemorySegment block, int filled, long start) throws VmcoreException;
  }

  /**
   * Gathers what follows byte {@code start} of the output.
   *
   * @param sparse whether what isn't written reads as zeros
   * @param block of {@link #BLOCK} bytes, to be filled first
   */
  Gathering(boolean sparse, long start, MemorySegment block, Outlet outlet) {
    this.sparse = sparse;
    this.start = start;
    this.block = block;
    this.outlet = outlet;
  }

  /** Output position of the next byte. */
  long position() {
    return start + filled;
  }

  /** Appends {@code n} bytes, which fit into the {@link #room}. */
  void copy(MemorySegment source, long from, int n) {
    MemorySegment.copy(source, from, block, filled, n);
    filled += n;
  }

  /** Appends {@code n} bytes, which fit into the {@link #room}. */
  void copy(byte[] source, int from, int n) {
    MemorySegment.copy(source, from, block, ValueLayout.JAVA_BYTE, filled, n);
    filled += n;
  }

  @Override
  public long append(long most, Reader reader) throws VmcoreException {
    int wanted = (int) Math.min(most, room());
    long got = reader.read(block.asSlice(filled, wanted));
    filled += (int) got;
    return got;
  }

  @Override
  public void skip(long size) throws VmcoreException {
    if (!sparse || size < ZeroPages.RUN) {
      zeros(size);
      return;
    }
    int toPage = (int) (-position() & (ZeroPages.SIZE - 1));
    int beyond = (int) ((size - toPage) & (ZeroPages.SIZE - 1));
    zeros(toPage);
    pass(size - toPage - beyond);
    zeros(beyond);
  }

  private void zeros(long size) throws VmcoreException {
    long left = size;
    while (left > 0) {
      int n = (int) Math.min(left, room());
      block.asSlice(filled, n).fill((byte) 0);
      filled += n;
      left -= n;
    }
  }

  /** Goes on {@code size} bytes behind the {@link #position}, both multiples of 4 KiB. */
  void pass(long size) throws VmcoreException {
    flush();
    start += size;
  }

  /** How many bytes the block has room for, at least 1. */
  int room() throws VmcoreException {
    if (filled == BLOCK) {
      flush();
    }
    return BLOCK - filled;
  }

  /** Hands on what is gathered. */
  void flush() throws VmcoreException {
    block = outlet.write(block, filled, start);
    start += filled;
    filled = 0;
  }
}
