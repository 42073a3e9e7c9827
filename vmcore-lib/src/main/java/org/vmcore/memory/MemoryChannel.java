package org.vmcore.memory;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import org.vmcore.values.Unsigned;

/** A range of memory as a channel; any number of threads may use it, one after the other. */
final class MemoryChannel implements SeekableByteChannel {
  private final Memory memory;
  private final long start;
  private final long size;
  private final OnMissing onMissing;
  private long position;
  private volatile boolean closed;

  /**
   * @throws IllegalArgumentException when {@code size} is negative, or the range passes 2^64
   */
  MemoryChannel(Memory memory, long start, long size, OnMissing onMissing) {
    if (size < 0) {
      throw new IllegalArgumentException("a range of " + size + " bytes");
    }
    if (size > 0) {
      AddressRange.ofSize(start, size);
    }
    this.memory = memory;
    this.start = start;
    this.size = size;
    this.onMissing = onMissing;
  }

  @Override
  public synchronized int read(ByteBuffer dst) throws ClosedChannelException, VmcoreException {
    requireOpen();
    if (dst.isReadOnly()) {
      throw new IllegalArgumentException("read-only buffer");
    }
    if (position >= size) {
      return -1;
    }
    int wanted = (int) Math.min(dst.remaining(), size - position);
    if (wanted == 0) {
      return 0;
    }
    long address = start + position;
    MemorySegment bytes = MemorySegment.ofBuffer(dst).asSlice(0, wanted);
    int got = (int) memory.read(address, bytes);
    if (got == 0) {
      if (onMissing == OnMissing.FAIL) {
        throw UnreadableException.at(memory, address);
      }
      got = (int) Unsigned.min(Extent.unread(memory, address).sizeFrom(address), wanted);
      bytes.asSlice(0, got).fill((byte) 0);
    }
    dst.position(dst.position() + got);
    position += got;
    return got;
  }

  @Override
  public synchronized long position() throws ClosedChannelException {
    requireOpen();
    return position;
  }

  @Override
  public synchronized SeekableByteChannel position(long newPosition) throws ClosedChannelException {
    requireOpen();
    if (newPosition < 0) {
      throw new IllegalArgumentException("position " + newPosition);
    }
    position = newPosition;
    return this;
  }

  @Override
  public long size() throws ClosedChannelException {
    requireOpen();
    return size;
  }

  @Override
  public int write(ByteBuffer src) throws ClosedChannelException {
    requireOpen();
    throw new NonWritableChannelException();
  }

  @Override
  public SeekableByteChannel truncate(long newSize) throws ClosedChannelException {
    requireOpen();
    throw new NonWritableChannelException();
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public void close() {
    closed = true;
  }

  private void requireOpen() throws ClosedChannelException {
    if (closed) {
      throw new ClosedChannelException();
    }
  }
}
