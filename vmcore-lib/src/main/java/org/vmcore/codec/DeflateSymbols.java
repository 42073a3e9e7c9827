package org.vmcore.codec;

import java.util.Arrays;

/**
 * The symbols of deflate, with what they cost and how they are written in its fixed codes.
 *
 * <p>Source: RFC 1951, 3.2.5 (symbols and extra bits) and 3.2.6 (fixed codes). A code is kept as in
 * {@link HuffmanCode#codes}.
 */
final class DeflateSymbols {
  /** The literals are 0 to 255, then comes this, then the lengths. */
  static final int END_OF_BLOCK = 256;

  static final int FIRST_LENGTH = 257;
  static final int LITERALS_AND_LENGTHS = 286;
  static final int DISTANCES = 30;

  /** Bytes of the shortest match, and of the longest. */
  static final int SHORTEST = 3;

  static final int LONGEST = 258;

  /** Bytes that a match reaches back at most. */
  static final int WINDOW = 1 << 15;

  /** The symbol in {@link #LENGTHS}. */
  static final int LENGTH_MASK = 0x1ff;

  /** Where in {@link #LENGTHS} the number of extra bits is, and where they are. */
  static final int EXTRA_COUNT_SHIFT = 9;

  static final int EXTRA_SHIFT = 12;

  /**
   * By the length of a match, less {@link #SHORTEST}: X X X X X N N N S S S S S S S S S, the
   * symbol, the number of its extra bits, and these.
   */
  static final int[] LENGTHS = lengths();

  /** The bits of each distance in the fixed codes. */
  static final int FIXED_DISTANCE_BITS = 5;

  static final int[] FIXED_CODES = fixedCodes();
  static final int[] FIXED_DISTANCES = fixedDistances();

  private DeflateSymbols() {}

  /** The symbol of a distance, which is given less 1. */
  static int distance(int back) {
    // The two highest bits, and how many follow them.
    int extra = Math.max(0, Integer.SIZE - 2 - Integer.numberOfLeadingZeros(back));
    return 2 * extra + (back >>> extra);
  }

  /** How many extra bits the symbol of a distance has. */
  static int distanceExtra(int symbol) {
    return Math.max(0, (symbol >>> 1) - 1);
  }

  /** How many extra bits a length of {@link #LENGTHS} has. */
  static int lengthExtra(int length) {
    return length >>> EXTRA_COUNT_SHIFT & 7;
  }

  /**
   * The bits of symbols that occur so often, without extra bits, in the fixed codes; or any number
   * above {@code most} when it is.
   */
  static int fixedBits(int[] literals, int[] distances, int most) {
    int bits = 0;
    for (int frequency : distances) {
      bits += frequency * FIXED_DISTANCE_BITS;
    }
    // A loop with two ends isn't made one of vectors, which takes ten times as long to compile.
    for (int i = 0; i < literals.length && bits <= most; i++) {
      bits += literals[i] * (FIXED_CODES[i] & HuffmanCode.LENGTH_MASK);
    }
    return bits;
  }

  private static int[] lengths() {
    int[] lengths = new int[LONGEST - SHORTEST + 1];
    for (int i = 0; i < lengths.length; i++) {
      // The three highest bits, and how many follow them.
      int extra = Math.max(0, Integer.SIZE - 3 - Integer.numberOfLeadingZeros(i));
      int symbol = FIRST_LENGTH + 4 * extra + (i >>> extra);
      lengths[i] = symbol | extra << EXTRA_COUNT_SHIFT | (i & ((1 << extra) - 1)) << EXTRA_SHIFT;
    }
    lengths[LONGEST - SHORTEST] = LITERALS_AND_LENGTHS - 1;
    return lengths;
  }

  private static int[] fixedCodes() {
    int[] codes = new int[LITERALS_AND_LENGTHS];
    for (int i = 0; i < codes.length; i++) {
      codes[i] =
          i < 144
              ? HuffmanCode.code(0x30 + i, 8)
              : i < 256
                  ? HuffmanCode.code(0x190 + i - 144, 9)
                  : i < 280 ? HuffmanCode.code(i - 256, 7) : HuffmanCode.code(0xc0 + i - 280, 8);
    }
    return codes;
  }

  private static int[] fixedDistances() {
    int[] codes = new int[DISTANCES];
    Arrays.setAll(codes, symbol -> HuffmanCode.code(symbol, FIXED_DISTANCE_BITS));
    return codes;
  }
}
