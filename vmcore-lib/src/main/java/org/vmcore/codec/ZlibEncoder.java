package org.vmcore.codec;

import java.util.zip.Deflater;

/** Makes zlib streams (RFC 1950), the same as zlib's compress2 does. */
final class ZlibEncoder implements Encoder {
  private final Deflater deflater;

  ZlibEncoder(int level) {
    if (level < Deflater.NO_COMPRESSION || level > Deflater.BEST_COMPRESSION) {
      throw new IllegalArgumentException("zlib has no level " + level);
    }
    deflater = new Deflater(level);
  }

  @Override
  public int encode(
      byte[] source, int offset, int length, byte[] target, int targetOffset, int most) {
    deflater.reset();
    deflater.setInput(source, offset, length);
    deflater.finish();
    int written = deflater.deflate(target, targetOffset, most);
    return deflater.finished() ? written : 0;
  }

  @Override
  public void close() {
    deflater.end();
  }
}
