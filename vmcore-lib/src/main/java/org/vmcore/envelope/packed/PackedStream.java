package org.vmcore.envelope.packed;

import java.io.IOException;
import java.io.InputStream;

/** A compressed file as a stream, which fails when nothing comes out of too much of it. */
final class PackedStream extends InputStream {
  private final PackedInput in;

  PackedStream(PackedInput in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    requireFruit();
    return in.u8();
  }

  @Override
  public int read(byte[] dst, int offset, int length) throws IOException {
    requireFruit();
    int n = length == 0 ? 0 : in.read(dst, offset, length);
    return n == 0 && length > 0 ? -1 : n;
  }

  private void requireFruit() throws IOException {
    if (in.isBarren()) {
      throw new IOException("nothing comes out of so many bytes");
    }
  }
}
