package org.vmcore.codec;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decompresses blocks; not for several threads at once, cheap to reuse, holds native state until
 * closed.
 *
 * <p>What zlib and zstd need is made when the first such block is met.
 */
public final class Decompressor implements AutoCloseable {
  private @Nullable Zlib zlib;
  private @Nullable Zstd zstd;
  private boolean closed;

  /** A decompressor for every {@link Compression}. */
  public Decompressor() {}

  /**
   * Decompresses the {@code length} bytes of {@code source} at {@code offset} to at most {@code
   * most} bytes of {@code target} from {@code targetOffset} on. No other byte of either array is
   * read or written; what {@code target} holds behind the result, up to {@code most} bytes, is
   * undefined, and all of it after an exception.
   *
   * @return the bytes written
   * @throws MalformedException when the input is malformed or would give more than {@code most}
   *     bytes
   * @throws UnsatisfiedLinkError when zstd's native library can't be loaded
   * @throws IndexOutOfBoundsException when a range isn't in its array
   * @throws IllegalStateException when this decompressor is closed
   */
  public int decompress(
      Compression compression,
      byte[] source,
      int offset,
      int length,
      byte[] target,
      int targetOffset,
      int most)
      throws MalformedException {
    Objects.checkFromIndexSize(offset, length, source.length);
    Objects.checkFromIndexSize(targetOffset, most, target.length);
    if (closed) {
      throw new IllegalStateException("the decompressor is closed");
    }
    return switch (compression) {
      case RAW -> copy(source, offset, length, target, targetOffset, most);
      case ZLIB -> zlib().decompress(source, offset, length, target, targetOffset, most);
      case LZO1X -> Lzo1x.decompress(source, offset, length, target, targetOffset, most);
      case SNAPPY -> Snappy.decompress(source, offset, length, target, targetOffset, most);
      case ZSTD -> zstd().decompress(source, offset, length, target, targetOffset, most);
    };
  }

  private static int copy(
      byte[] source, int offset, int length, byte[] target, int targetOffset, int most)
      throws MalformedException {
    if (length > most) {
      throw new MalformedException(most, "more than " + most + " bytes");
    }
    System.arraycopy(source, offset, target, targetOffset, length);
    return length;
  }

  private Zlib zlib() {
    Zlib made = zlib;
    if (made == null) {
      made = new Zlib();
      zlib = made;
    }
    return made;
  }

  private Zstd zstd() {
    Zstd made = zstd;
    if (made == null) {
      ZstdLibrary.load();
      made = new Zstd();
      zstd = made;
    }
    return made;
  }

  /** Frees the native state; again does nothing. */
  @Override
  public void close() {
    closed = true;
    if (zlib != null) {
      zlib.close();
      zlib = null;
    }
    if (zstd != null) {
      zstd.close();
      zstd = null;
    }
  }
}
