package org.vmcore.codec;

/** The two codes of a dynamic block, as it begins with them (RFC 1951, 3.2.7). */
final class CodeLengths {
  private static final int[] ORDER = {
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
  };
  private static final int COPY = 16;
  private static final int ZEROS = 17;
  private static final int MANY_ZEROS = 18;

  private final HuffmanCode code = new HuffmanCode(19, 7);
  private final int[] codes =
      new int[DeflateSymbols.LITERALS_AND_LENGTHS + DeflateSymbols.DISTANCES];
  private final int[] symbols = new int[codes.length];
  private int size;
  private int literals;
  private int distances;
  private int ordered;

  /** Takes the codes; the bits that they take. */
  int take(HuffmanCode literal, HuffmanCode distance) {
    int bits = 14 + runs(literal, distance);
    bits += code.build();
    ordered = ORDER.length;
    while (ordered > 4 && code.codes[ORDER[ordered - 1]] == 0) {
      ordered--;
    }
    return bits + 3 * ordered;
  }

  private int runs(HuffmanCode literal, HuffmanCode distance) {
    final int[] codes = this.codes;
    final int[] symbols = this.symbols;
    final int[] frequencies = code.frequencies;
    literals = Math.max(DeflateSymbols.FIRST_LENGTH, literal.size());
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

  void write(BitWriter out) {
    out.put(literals - 257 | (distances - 1) << 5 | (ordered - 4) << 10, 14);
    for (int i = 0; i < ordered; i++) {
      out.put(code.codes[ORDER[i]] & HuffmanCode.LENGTH_MASK, 3);
    }
    for (int i = 0; i < size; i++) {
      int symbol = symbols[i] & 31;
      int c = code.codes[symbol];
      int length = c & HuffmanCode.LENGTH_MASK;
      int extra = symbol < COPY ? 0 : symbol == COPY ? 2 : symbol == ZEROS ? 3 : 7;
      out.put(c >>> HuffmanCode.LENGTH_BITS | (symbols[i] >>> 5) << length, length + extra);
    }
  }
}
