package org.vmcore.remoteproc.collect;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.vmcore.remoteproc.Devcoredump;

/** A dump in memory that is read in small pieces, and may be gone before its end. */
final class FakeDump implements Devcoredump {
  /** The most bytes of a read: that of an inline dump. */
  private static final int PIECE = 4096;

  private final String name;
  private final byte[] bytes;
  private long goneAt = Long.MAX_VALUE;
  private String releaseFault = "";
  final AtomicInteger released = new AtomicInteger();

  FakeDump(String name, byte[] bytes) {
    this.name = name;
    this.bytes = bytes;
  }

  /** Reads at byte {@code offset} and behind it fail. */
  FakeDump goneAt(long offset) {
    goneAt = offset;
    return this;
  }

  /** It can't be released. */
  FakeDump unreleasable(String reason) {
    releaseFault = reason;
    return this;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Optional<String> device() {
    return Optional.of("dsp-" + name);
  }

  @Override
  public ReadableByteChannel open() {
    return new ReadableByteChannel() {
      private int at;

      @Override
      public int read(ByteBuffer dst) throws IOException {
        if (at >= goneAt) {
          throw new IOException("No such device");
        }
        if (at == bytes.length) {
          return -1;
        }
        int most = (int) Math.min(Math.min(bytes.length, goneAt) - at, PIECE);
        int got = Math.min(dst.remaining(), most);
        dst.put(bytes, at, got);
        at += got;
        return got;
      }

      @Override
      public boolean isOpen() {
        return true;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void release() throws IOException {
    if (!releaseFault.isEmpty()) {
      throw new IOException(releaseFault);
    }
    released.incrementAndGet();
  }
}
