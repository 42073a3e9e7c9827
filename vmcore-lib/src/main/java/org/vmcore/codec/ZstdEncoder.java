package org.vmcore.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;

/** Makes Zstandard frames with their content's size, without a checksum. */
final class ZstdEncoder implements Encoder {
  private final ZstdCompressCtx context = new ZstdCompressCtx();

  /** Where what may become too large has room: to be told of it costs an exception. */
  private byte[] outcome = new byte[0];

  ZstdEncoder(int level) {
    if (level < Zstd.minCompressionLevel() || level > Zstd.maxCompressionLevel()) {
      context.close();
      throw new IllegalArgumentException("zstd has no level " + level);
    }
    context.setLevel(level).setContentSize(true).setChecksum(false);
  }

  @Override
  public int encode(
      byte[] source, int offset, int length, byte[] target, int targetOffset, int most) {
    int bound = Math.toIntExact(Zstd.compressBound(length));
    if (most >= bound) {
      return context.compressByteArray(target, targetOffset, most, source, offset, length);
    }
    if (outcome.length < bound) {
      outcome = new byte[bound];
    }
    int size = context.compressByteArray(outcome, 0, bound, source, offset, length);
    if (size > most) {
      return 0;
    }
    System.arraycopy(outcome, 0, target, targetOffset, size);
    return size;
  }

  @Override
  public void close() {
    context.close();
  }
}
