package org.vmcore.codec;

/**
 * The lengths of the two codes of a dynamic block, as it begins with them: runs of them are symbols
 * of a third code, whose lengths come first.
 *
 * <p>Source: RFC 1951, 3.2.7. A run may begin in one code and end in the other.
 */
final class CodeLengths {
  /** HLIT, HDIST and HCLEN, and what each is less than what it counts. */
  private static final int COUNT_BITS = 5 + 5 + 4;

  private static final int FEWEST_LITERALS = 257;
  private static final int FEWEST_DISTANCES = 1;
  private static final int FEWEST_ORDERED = 4;

  /** Bits of a length of the third code, the longest one, and the order in which they come. */
  private static final int LENGTH_BITS = 3;

  private static final int LONGEST = 7;
  private static final int[] ORDER = {
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
  };

  /** The length before 3 to 6 times more, and 3 to 10 and 11 to 138 times no code. */
  private static final int COPY = 16;

  private static final int ZEROS = 17;
  private static final int MANY_ZEROS = 18;

  private final HuffmanCode code = new HuffmanCode(ORDER.length, LONGEST);

  /** The codes that are taken, one behind the other. */
  private final int[] codes =
      new int[DeflateSymbols.LITERALS_AND_LENGTHS + DeflateSymbols.DISTANCES];

  /** The symbols, their extra bits from bit 5 on. */
  private final int[] symbols = new int[codes.length];

  private int size;

  /** How many lengths are written of the first, the second and the third code. */
  private int literals;

  private int distances;
  private int ordered;

  /** Takes the codes; the bits that they take. */
  int take(HuffmanCode literal, HuffmanCode distance) {
    int bits = COUNT_BITS + runs(literal, distance);
    bits += code.build();
    ordered = ORDER.length;
    while (ordered > FEWEST_ORDERED && code.codes[ORDER[ordered - 1]] == 0) {
      ordered--;
    }
    return bits + LENGTH_BITS * ordered;
  }

  /** Finds the runs and counts their symbols; the extra bits that these take. */
  private int runs(HuffmanCode literal, HuffmanCode distance) {
    final int[] codes = this.codes;
    final int[] symbols = this.symbols;
    final int[] frequencies = code.frequencies;
    literals = Math.max(FEWEST_LITERALS, literal.size());
    distances = distance.size();
    System.arraycopy(literal.codes, 0, codes, 0, literals);
    System.arraycopy(distance.codes, 0, codes, literals, distances);
    final int end = literals + distances;
    int extra = 0;
    int n = 0;
    int at = 0;
    while (at < end) {
      final int length = codes[at] & HuffmanCode.LENGTH_MASK;
      int stop = at + 1;
      while (stop < end && (codes[stop] & HuffmanCode.LENGTH_MASK) == length) {
        stop++;
      }
      int run = stop - at;
      at = stop;
      if (length == 0) {
        while (run >= 11) {
          int part = Math.min(run, 138);
          symbols[n++] = MANY_ZEROS | (part - 11) << 5;
          frequencies[MANY_ZEROS]++;
          extra += 7;
          run -= part;
        }
        if (run >= 3) {
          symbols[n++] = ZEROS | (run - 3) << 5;
          frequencies[ZEROS]++;
          extra += 3;
          run = 0;
        }
      } else {
        symbols[n++] = length;
        frequencies[length]++;
        run--;
        while (run >= 3) {
          int part = Math.min(run, 6);
          symbols[n++] = COPY | (part - 3) << 5;
          frequencies[COPY]++;
          extra += 2;
          run -= part;
        }
      }
      frequencies[length] += run;
      for (; run > 0; run--) {
        symbols[n++] = length;
      }
    }
    size = n;
    return extra;
  }

  /** Writes what was taken. */
  void write(BitWriter out) {
    out.put(
        literals - FEWEST_LITERALS
            | (distances - FEWEST_DISTANCES) << 5
            | (ordered - FEWEST_ORDERED) << 10,
        COUNT_BITS);
    for (int i = 0; i < ordered; i++) {
      out.put(code.codes[ORDER[i]] & HuffmanCode.LENGTH_MASK, LENGTH_BITS);
    }
    for (int i = 0; i < size; i++) {
      int symbol = symbols[i] & 0x1f;
      out.putCode(code.codes[symbol]);
      if (symbol >= COPY) {
        out.put(symbols[i] >>> 5, symbol == COPY ? 2 : symbol == ZEROS ? 3 : 7);
      }
    }
  }
}
