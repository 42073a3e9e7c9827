package org.vmcore.codec;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * Compresses blocks one way, each of them for itself; not for several threads at once, cheap to
 * reuse, holds native state until closed.
 */
public final class Compressor implements AutoCloseable {
  private static final int LEVEL = 1;

  private final Encoder encoder;
  private boolean closed;

  private Compressor(Encoder encoder) {
    this.encoder = encoder;
  }

  /**
   * A compressor.
   *
   * @param level how hard zlib (0 to 9) and zstd (negative ones, too) try; when empty, 1. The
   *     others have none.
   * @throws IllegalArgumentException when there is no such level
   * @throws UnsatisfiedLinkError when zstd's native library can't be loaded; {@link
   *     ZstdLibrary#require} tells it in a better way
   */
  public static Compressor of(Compression compression, OptionalInt level) {
    return new Compressor(
        switch (compression) {
          case RAW -> new RawEncoder();
          case ZLIB ->
              level.orElse(LEVEL) == LEVEL
                  ? new DeflateEncoder()
                  : new ZlibEncoder(level.getAsInt());
          case LZO1X -> new Lzo1xEncoder();
          case SNAPPY -> new SnappyEncoder();
          case ZSTD -> {
            ZstdLibrary.load();
            yield new ZstdEncoder(level.orElse(LEVEL));
          }
        });
  }

  /**
   * Compresses the {@code length} bytes of {@code source} at {@code offset} to fewer than {@code
   * limit} bytes of {@code target} from {@code targetOffset} on. No other byte of either array is
   * read or written; what {@code target} holds behind the outcome, up to {@code limit} bytes, is
   * undefined. The arrays may not be the same.
   *
   * @param limit of a page that is stored as it is if it doesn't get smaller, its size
   * @return the bytes written, at least 1; 0 when they would not be fewer than {@code limit}
   * @throws IndexOutOfBoundsException when a range isn't in its array
   * @throws IllegalStateException when this compressor is closed
   */
  public int compress(
      byte[] source, int offset, int length, byte[] target, int targetOffset, int limit) {
    Objects.checkFromIndexSize(offset, length, source.length);
    Objects.checkFromIndexSize(targetOffset, limit, target.length);
    if (closed) {
      throw new IllegalStateException("the compressor is closed");
    }
    return limit == 0 ? 0 : encoder.encode(source, offset, length, target, targetOffset, limit - 1);
  }

  /** Frees the native state; again does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      encoder.close();
    }
  }
}
