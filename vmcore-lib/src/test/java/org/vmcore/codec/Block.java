package org.vmcore.codec;

import java.util.Arrays;

/** Decompresses a block in the middle of other bytes, and sees to it that they don't matter. */
final class Block {
  private static final int PAD = 48;

  private final Decompressor decompressor;
  private final Compression compression;

  Block(Decompressor decompressor, Compression compression) {
    this.decompressor = decompressor;
    this.compression = compression;
  }

  /** What {@code compressed} gives, in arrays that end where it ends. */
  byte[] exact(byte[] compressed, int most) throws MalformedException {
    return decompress(compressed, most, 0, 0);
  }

  /**
   * What {@code compressed} gives between other bytes: the same whatever they are. None of them may
   * be changed.
   */
  byte[] padded(byte[] compressed, int most) throws MalformedException {
    byte[] first = decompress(compressed, most, PAD, 0);
    if (!Arrays.equals(first, decompress(compressed, most, PAD, 0xe5))) {
      throw new AssertionError("bytes outside of the block were read");
    }
    return first;
  }

  private byte[] decompress(byte[] compressed, int most, int pad, int filler)
      throws MalformedException {
    byte[] source = new byte[pad + compressed.length + pad];
    byte[] target = new byte[pad + most + pad];
    Arrays.fill(source, (byte) filler);
    Arrays.fill(target, (byte) filler);
    System.arraycopy(compressed, 0, source, pad, compressed.length);
    int written = -1;
    try {
      written =
          decompressor.decompress(compression, source, pad, compressed.length, target, pad, most);
    } catch (MalformedException e) {
      if (e.offset() < 0 || e.offset() > compressed.length || e.reason().isEmpty()) {
        throw new AssertionError("offset of a block of " + compressed.length + " bytes", e);
      }
      throw e;
    } finally {
      requireFiller(target, 0, pad, filler);
      requireFiller(target, pad + most, target.length, filler);
    }
    if (written < 0 || written > most) {
      throw new AssertionError(written + " bytes of " + most);
    }
    return Arrays.copyOfRange(target, pad, pad + written);
  }

  private static void requireFiller(byte[] target, int from, int to, int filler) {
    for (int i = from; i < to; i++) {
      if (target[i] != (byte) filler) {
        throw new AssertionError("target[" + i + "] was written");
      }
    }
  }
}
