package org.vmcore.envelope;

import java.lang.foreign.MemorySegment;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.VmcoreException;

/** A compressed file, read from its first byte to its last one. */
final class PackedInput {
  private final ByteSource file;
  private final byte[] buffer = new byte[1 << 17];
  private int at;
  private int limit;

  /** The file offset behind the buffer's last byte. */
  private long end;

  PackedInput(ByteSource file) {
    this.file = file;
  }

  ByteSource file() {
    return file;
  }

  /** The file offset of the next byte. */
  long position() {
    return end - (limit - at);
  }

  /** The next byte; -1 at the end. */
  int u8() throws VmcoreException {
    return at < limit || fill() ? buffer[at++] & 0xff : -1;
  }

  /** Bytes for {@code dst}; 0 at the end. */
  int read(byte[] dst, int offset, int length) throws VmcoreException {
    if (at == limit && !fill()) {
      return 0;
    }
    int n = Math.min(length, limit - at);
    System.arraycopy(buffer, at, dst, offset, n);
    at += n;
    return n;
  }

  /** Goes back by {@code n} bytes of those that were read last. */
  void back(int n) {
    at -= n;
  }

  private boolean fill() throws VmcoreException {
    limit = (int) file.read(end, MemorySegment.ofArray(buffer));
    at = 0;
    end += limit;
    return limit > 0;
  }
}
