package org.vmcore.codec;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;

/**
 * Decompresses Zstandard frames.
 *
 * <p>From array to array there is no window to allocate, whatever size a frame declares: the target
 * is the window.
 */
final class Zstd implements AutoCloseable {
  private final ZstdDecompressCtx context = new ZstdDecompressCtx();

  int decompress(byte[] source, int offset, int length, byte[] target, int targetOffset, int most)
      throws MalformedException {
    if (length == 0) {
      throw new MalformedException(0, "truncated");
    }
    long declared = com.github.luben.zstd.Zstd.getFrameContentSize(source, offset, length, false);
    if (declared > most) {
      throw new MalformedException(
          0, "frame content size " + declared + " is more than " + most + " bytes");
    }
    try {
      return context.decompressByteArray(target, targetOffset, most, source, offset, length);
    } catch (ZstdException e) {
      throw new MalformedException(0, "zstd: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    context.close();
  }
}
