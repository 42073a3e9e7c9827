package org.vmcore.codec;

import java.util.Arrays;

/** Compresses a block in the middle of other bytes, which must not matter, and unpacks it again. */
final class RoundTrip {
  private static final int PAD = 40;

  private final Compressor compressor;
  private final Block block;
  private final Compression compression;

  RoundTrip(Compressor compressor, Decompressor decompressor, Compression compression) {
    this.compressor = compressor;
    this.block = new Block(decompressor, compression);
    this.compression = compression;
  }

  /** What {@code raw} is compressed to: the same wherever it lies, and it gives {@code raw}. */
  byte[] of(byte[] raw) throws MalformedException {
    int room = 64 + raw.length + raw.length / 8;
    byte[] compressed = compress(raw, 0, room, 0);
    requireSame(compressed, compress(raw, PAD, room, 0));
    requireSame(compressed, compress(raw, PAD, room, 0xe5));
    requireSame(raw, block.exact(compressed, raw.length));
    return compressed;
  }

  /** As {@link #of}; and with as much room as that takes, a byte less, and hardly any. */
  byte[] inAnyRoom(byte[] raw) throws MalformedException {
    byte[] compressed = of(raw);
    int size = compressed.length;
    requireSame(compressed, compress(raw, PAD, size + 1, 0));
    for (int limit : new int[] {0, 1, 2, 3, 4, 8, size / 2, size - 8, size - 2, size - 1, size}) {
      if (limit >= 0 && limit <= size && compress(raw, PAD, limit, 0xe5).length != 0) {
        throw new AssertionError(size + " bytes below " + limit);
      }
    }
    return compressed;
  }

  private static void requireSame(byte[] expected, byte[] bytes) {
    if (!Arrays.equals(expected, bytes)) {
      throw new AssertionError(
          bytes.length + " bytes differ at " + Arrays.mismatch(expected, bytes));
    }
  }

  /** What {@code raw} is compressed to; empty when that would not be below {@code limit}. */
  private byte[] compress(byte[] raw, int pad, int limit, int filler) {
    byte[] source = new byte[pad + raw.length + pad];
    byte[] target = new byte[pad + limit + pad];
    Arrays.fill(source, (byte) filler);
    Arrays.fill(target, (byte) filler);
    System.arraycopy(raw, 0, source, pad, raw.length);
    byte[] before = source.clone();
    int size = compressor.compress(source, pad, raw.length, target, pad, limit);
    requireSame(before, source);
    for (int i = 0; i < pad; i++) {
      if (target[i] != (byte) filler || target[pad + limit + i] != (byte) filler) {
        throw new AssertionError(compression + " wrote outside of its target");
      }
    }
    if (size < 0 || (size > 0 && size >= limit)) {
      throw new AssertionError(size + " bytes below " + limit);
    }
    return Arrays.copyOfRange(target, pad, pad + size);
  }
}
