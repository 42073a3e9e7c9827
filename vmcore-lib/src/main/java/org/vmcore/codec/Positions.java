package org.vmcore.codec;

import java.util.Arrays;

/**
 * Where 4 bytes were seen last, by their hash, in the block that is being compressed.
 *
 * <p>A position is kept with what all blocks before had added to it, so that what they left is
 * below all of this block's positions, and needn't be cleared.
 */
final class Positions {
  /** By hash. */
  final int[] table;

  private int next = 1;

  Positions(int bits) {
    table = new int[1 << bits];
  }

  /** What is added to the positions of a block of {@code length} bytes, its first one being 0. */
  int begin(int length) {
    if (next > Integer.MAX_VALUE - length) {
      Arrays.fill(table, 0);
      next = 1;
    }
    int begin = next;
    next += length;
    return begin;
  }
}
