package org.vmcore.codec;

import java.util.Arrays;

/**
 * A Huffman code made for the frequencies of its symbols, with no code longer than a limit.
 *
 * <p>Sources: RFC 1951, 3.2.1 and 3.2.2; Alistair Moffat and Jyrki Katajainen, In-Place Calculation
 * of Minimum-Redundancy Codes, 1995.
 */
final class HuffmanCode {
  /** The bits of a symbol in what is sorted; its frequency is above them. */
  private static final int SYMBOL_BITS = 9;

  private static final int SYMBOL_MASK = (1 << SYMBOL_BITS) - 1;

  /** Where a length ends and its code begins in {@link #codes}. */
  static final int LENGTH_BITS = 4;

  static final int LENGTH_MASK = (1 << LENGTH_BITS) - 1;

  /** Frequencies from here on are sorted by comparing them: there are few of them. */
  private static final int MANY = 255;

  /** Above the weight of any node. */
  private static final int HEAVY = Integer.MAX_VALUE >>> SYMBOL_BITS;

  /** How often each symbol occurs: to be counted before {@link #build}, which sets it to 0. */
  final int[] frequencies;

  /** For each symbol its code, first bit lowest, above its length; 0 for one that has none. */
  final int[] codes;

  private final int longest;

  /** The symbols below their frequencies, ascending; behind them something heavier. */
  private final int[] sorted;

  /** The weight of each node of Huffman's tree, ascending, and its parent, later its depth. */
  private final int[] weights;

  private final int[] nodes;

  /** For each frequency where its symbols begin in {@link #sorted}. */
  private final int[] starts = new int[MANY + 1];

  /** How many codes each length has, later the next code of it. */
  private final int[] lengthCounts;

  private int size;

  HuffmanCode(int symbols, int longest) {
    this.longest = longest;
    frequencies = new int[symbols];
    codes = new int[symbols];
    sorted = new int[symbols + 1];
    nodes = new int[symbols];
    weights = new int[symbols];
    lengthCounts = new int[longest + 2];
  }

  /** A code, given first bit highest, as {@link #codes} has it. */
  static int code(int code, int length) {
    // Of length 0: shifted out.
    return Integer.reverse(code) >>> 1 >>> (Integer.SIZE - 1 - length) << LENGTH_BITS | length;
  }

  /** One more than the highest symbol that has a code. */
  int size() {
    return size;
  }

  /** Makes the code, of two symbols at least; the bits that all symbols take in it. */
  int build() {
    final int used = sort();
    final int bits = lengths(used);
    assign();
    return bits;
  }

  /** Sorts the symbols by their frequency, the rarest first; how many occur. */
  private int sort() {
    final int[] frequencies = this.frequencies;
    final int[] starts = this.starts;
    final int[] sorted = this.sorted;
    Arrays.fill(starts, 0);
    // No branch for each symbol: which of them occur is as good as random.
    for (int i = 0; i < frequencies.length; i++) {
      starts[Math.min(frequencies[i], MANY)]++;
    }
    // A code of two symbols every decoder takes (FORMATS.md, 156).
    addWhereFew(0);
    addWhereFew(1);
    final int used = frequencies.length - starts[0];
    int next = 0;
    for (int i = 0; i <= MANY; i++) {
      final int count = starts[i];
      starts[i] = next;
      next += count;
    }
    for (int i = 0; i < frequencies.length; i++) {
      final int frequency = frequencies[i];
      sorted[starts[Math.min(frequency, MANY)]++] = frequency << SYMBOL_BITS | i;
    }
    // Now each start is the next one's.
    insertionSort(sorted, starts[MANY - 1], frequencies.length);
    return used;
  }

  /** Lets a symbol occur that doesn't when less than two do; without a branch, as it's rare. */
  private void addWhereFew(int symbol) {
    int isFew = (frequencies.length - starts[0] - 2) >>> (Integer.SIZE - 1);
    int isMissing = (frequencies[symbol] - 1) >>> (Integer.SIZE - 1);
    int added = isFew & isMissing;
    frequencies[symbol] += added;
    starts[0] -= added;
    starts[1] += added;
  }

  private static void insertionSort(int[] array, int from, int to) {
    for (int i = from + 1; i < to; i++) {
      int value = array[i];
      int j = i - 1;
      for (; j >= from && array[j] > value; j--) {
        array[j + 1] = array[j];
      }
      array[j + 1] = value;
    }
  }

  /**
   * Gives each symbol the length of its code; the bits that all take.
   *
   * <p>So long a method is compiled but once, and not into each that calls {@link #build}.
   */
  private int lengths(int used) {
    final int[] weights = this.weights;
    final int[] nodes = this.nodes;
    final int[] sorted = this.sorted;
    final int symbols = frequencies.length;
    sorted[symbols] = Integer.MAX_VALUE;
    int leaf = symbols - used;
    int node = 0;
    final int root = used - 2;
    // Each node joins the two lightest. Which these are is as good as random: no branch for it.
    for (int next = 0; next <= root; next++) {
      weights[next] = HEAVY;
      int light = sorted[leaf] >>> SYMBOL_BITS;
      int other = weights[node];
      int isNode = (other - light) >>> (Integer.SIZE - 1);
      nodes[node] = next;
      leaf += 1 - isNode;
      node += isNode;
      final int first = Math.min(light, other);
      light = sorted[leaf] >>> SYMBOL_BITS;
      other = weights[node];
      isNode = (other - light) >>> (Integer.SIZE - 1);
      nodes[node] = next;
      leaf += 1 - isNode;
      node += isNode;
      weights[next] = first + Math.min(light, other);
    }

    final int[] counts = lengthCounts;
    Arrays.fill(counts, 0);
    nodes[root] = 0;
    counts[1] = 2;
    for (int next = root - 1; next >= 0; next--) {
      int depth = nodes[nodes[next]] + 1;
      nodes[next] = depth;
      // A leaf at this depth becomes a node with two leaves; where it is too deep, a higher one.
      if (depth >= longest) {
        depth = longest - 1;
        while (counts[depth] == 0) {
          depth--;
        }
      }
      counts[depth]--;
      counts[depth + 1] += 2;
    }

    final int[] codes = this.codes;
    Arrays.fill(codes, 0);
    int bits = 0;
    int i = symbols - used;
    for (int length = longest; length > 0; length--) {
      for (int end = i + counts[length]; i < end; i++) {
        codes[sorted[i] & SYMBOL_MASK] = length;
        bits += (sorted[i] >>> SYMBOL_BITS) * length;
      }
    }
    return bits;
  }

  /** Makes the codes of their lengths: shorter ones first, those of a length in their order. */
  private void assign() {
    final int[] counts = lengthCounts;
    final int[] codes = this.codes;
    // From how many codes there are of a length to the next one of it.
    int code = 0;
    int count = 0;
    for (int length = 1; length <= longest; length++) {
      code = (code + count) << 1;
      count = counts[length];
      counts[length] = code;
    }
    counts[0] = 0;
    for (int symbol = 0; symbol < codes.length; symbol++) {
      final int length = codes[symbol];
      codes[symbol] = code(counts[length]++, length);
    }
    int last = codes.length;
    while (codes[last - 1] == 0) {
      last--;
    }
    size = last;
    Arrays.fill(frequencies, 0);
  }
}
