package org.vmcore.remoteproc;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;

/**
 * Reads a dump as read(2) reads {@code data} in sysfs: at most a page at once; and of an inline
 * dump the headers alone first, while segments follow each other without a stop.
 */
final class DumpChannel implements ReadableByteChannel {
  /** The most that sysfs asks a file's {@code read} for: PAGE_SIZE, in bytes. */
  private static final int PAGE = 4096;

  private final PendingCoredump dump;
  private final long stop;
  private long position;
  private volatile boolean closed;

  /**
   * Starts at the first byte.
   *
   * @param stop the offset that a read doesn't go over, in bytes; 0 for none
   */
  DumpChannel(PendingCoredump dump, long stop) {
    this.dump = dump;
    this.stop = stop;
  }

  @Override
  public synchronized int read(ByteBuffer dst) throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (dst.isReadOnly()) {
      throw new IllegalArgumentException("the buffer is read-only");
    }
    if (!dst.hasRemaining()) {
      return 0;
    }
    long count = Math.min(dst.remaining(), PAGE);
    if (position < stop) {
      count = Math.min(count, stop - position);
    }
    int got = (int) dump.read(position, MemorySegment.ofBuffer(dst).asSlice(0, count));
    position += got;
    dst.position(dst.position() + got);
    return got == 0 ? -1 : got;
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public void close() {
    closed = true;
  }
}
