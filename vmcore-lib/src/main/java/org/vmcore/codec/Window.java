package org.vmcore.codec;

import java.util.Arrays;

/**
 * The block that is being compressed, with room to read over its end, and where each 4 bytes were
 * seen last, by their hash.
 */
final class Window {
  /** Bytes behind a block, of which nobody knows what they are. */
  static final int SLACK = 32;

  private static final int BITS = 12;

  /** What spreads 4 bytes over the highest bits. */
  private static final int SPREAD = 0x9e37_79b1;

  /** By hash, a place in {@link #bytes}: 0 when there was none, which needs no question. */
  final int[] table = new int[1 << BITS];

  byte[] bytes = new byte[0];

  /** The place of 4 bytes in {@link #table}. */
  static int slot(int word) {
    return (word * SPREAD) >>> (Integer.SIZE - BITS);
  }

  /** Takes a block. */
  void take(byte[] source, int offset, int length) {
    if (bytes.length < length + SLACK) {
      bytes = new byte[length + SLACK];
    }
    System.arraycopy(source, offset, bytes, 0, length);
    Arrays.fill(table, 0);
  }
}
