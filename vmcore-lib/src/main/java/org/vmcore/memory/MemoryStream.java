package org.vmcore.memory;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * A buffered stream whose reads take one piece each: what is in the buffer, or one read of the
 * stream below. So where this fails behind the first byte, the bytes in front of it were given, as
 * {@link InputStream#read(byte[], int, int)} asks; a {@link BufferedInputStream} would lose them.
 */
final class MemoryStream extends BufferedInputStream {
  private static final int SIZE = 1 << 16;

  MemoryStream(InputStream in) {
    super(in, SIZE);
  }

  @Override
  public synchronized int read(byte[] dst, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, dst.length);
    boolean isBuffered = pos < count || markpos >= 0;
    if (!isBuffered && length >= SIZE && in != null) {
      return in.read(dst, offset, length);
    }
    if (pos < count || length == 0) {
      return super.read(dst, offset, Math.min(length, count - pos));
    }
    int first = read(); // fills the buffer
    if (first < 0) {
      return -1;
    }
    dst[offset] = (byte) first;
    int rest = Math.min(length - 1, count - pos);
    return rest == 0 ? 1 : 1 + super.read(dst, offset + 1, rest);
  }
}
