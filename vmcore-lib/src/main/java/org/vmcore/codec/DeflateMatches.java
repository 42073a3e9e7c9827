package org.vmcore.codec;

import java.util.Arrays;

/**
 * Finds the matches of a block for deflate: of the last two places where the same 3 bytes were, by
 * their hash, the one where more bytes are the same.
 *
 * <p>Of the bytes in a match only the second and the last are places to be found. Where nothing
 * matches for long the search takes longer and longer steps.
 */
final class DeflateMatches {
  private static final int BITS = 12;

  /** What spreads 3 bytes, moved to the top, over the highest bits. */
  private static final int SPREAD = 0x9e37_79b1;

  /** Log2 of the literals without a match after which the search takes steps of a byte more. */
  private static final int PATIENCE = 6;

  /** The most bytes that are left out by a step. */
  private static final int FASTEST = 15;

  /** How far back a match of 3 bytes may be: its distance soon takes more bits than 3 literals. */
  private static final int NEAR = 2048;

  /** What is long enough not to compare another one with it. */
  private static final int ENOUGH = 32;

  /** Where the fields of {@link #sequences} begin. */
  static final int SIZE_SHIFT = 16;

  static final int BACK_SHIFT = 25;
  static final int SYMBOL_SHIFT = 40;

  /**
   * For each match the literals in front of it (16 bits), its bytes (9), its distance less 1 (15)
   * and the symbol of that.
   */
  final long[] sequences;

  /** How many matches there are. */
  int count;

  /** The literals behind the last match. */
  int rest;

  /** The bytes of all matches. */
  int matched;

  /** The extra bits of all lengths and distances. */
  int extraBits;

  /**
   * By hash two places, the later one in the lower half. To each is added what all calls before
   * had, so that what they left is below all of this one's, and needn't be cleared.
   */
  private final long[] table = new long[1 << BITS];

  private int next = 1;
  private int shift;
  private int start;

  /**
   * @param longest the most bytes of a block
   */
  DeflateMatches(int longest) {
    sequences = new long[longest / DeflateSymbols.SHORTEST];
  }

  /** Begins with bytes of which the blocks are parts, one behind the other. */
  void begin(int offset, int length) {
    if (next > Integer.MAX_VALUE - length) {
      Arrays.fill(table, 0);
      next = 1;
    }
    start = offset;
    shift = next - offset;
    next += length;
  }

  /** Finds the matches from {@code from} on up to {@code end}, and counts all symbols. */
  void find(byte[] source, int from, int end, int[] literals, int[] distances) {
    final long[] table = this.table;
    final int shift = this.shift;
    final int start = this.start;
    final int last = end - Long.BYTES;
    int found = 0;
    int bytes = 0;
    int extra = 0;
    int literalsFrom = from;
    int at = from;
    if (from == start && from <= last) {
      // What isn't of these bytes is lower: then the first of them are looked at.
      table[hash(Copy.load(source, from))] = (long) from + shift;
      literals[source[at++] & 0xff]++;
    }

    while (at <= last) {
      final long word = Copy.load(source, at);
      final int slot = hash(word);
      final long places = table[slot];
      table[slot] = places << Integer.SIZE | (at + shift);
      final int floor = Math.max(start, at - DeflateSymbols.WINDOW);
      final int later = Math.max((int) places - shift, floor);
      final int earlier = Math.max((int) (places >>> Integer.SIZE) - shift, floor);
      final int laterSize = same(word, Copy.load(source, later));
      final int earlierSize = same(word, Copy.load(source, earlier));
      int size = Math.max(laterSize, earlierSize);
      int match = earlierSize > laterSize ? earlier : later;
      if (size < DeflateSymbols.SHORTEST
          || (size == DeflateSymbols.SHORTEST && at - match > NEAR)) {
        literals[(int) word & 0xff]++;
        at++;
        final int step = (at - literalsFrom) >>> PATIENCE;
        if (step != 0) {
          at = skip(source, at, Math.min(last + 1, at + Math.min(step, FASTEST)), literals);
        }
        continue;
      }
      if (size == Long.BYTES) {
        final int stop = Math.min(end, at + DeflateSymbols.LONGEST);
        size = size(source, match, at, stop);
        if (earlierSize == laterSize && size < ENOUGH) {
          final int other = size(source, earlier, at, stop);
          match = other > size ? earlier : match;
          size = Math.max(size, other);
        }
      }
      final int back = at - match - 1;
      final int symbol = DeflateSymbols.distance(back);
      final int length = DeflateSymbols.LENGTHS[size - DeflateSymbols.SHORTEST];
      literals[length & DeflateSymbols.LENGTH_MASK]++;
      distances[symbol]++;
      sequences[found++] =
          at - literalsFrom
              | (long) size << SIZE_SHIFT
              | (long) back << BACK_SHIFT
              | (long) symbol << SYMBOL_SHIFT;
      bytes += size;
      extra += DeflateSymbols.lengthExtra(length) + DeflateSymbols.distanceExtra(symbol);
      final int behind = at + size;
      if (behind <= last) {
        add(table, hash(word >>> 8), at + 1 + shift);
        add(table, hash(Copy.load(source, behind - 1)), behind - 1 + shift);
      }
      at = behind;
      literalsFrom = at;
    }

    skip(source, at, end, literals);
    literals[DeflateSymbols.END_OF_BLOCK]++;
    count = found;
    matched = bytes;
    extraBits = extra;
    rest = end - literalsFrom;
  }

  /** Of its lowest 3 bytes. */
  private static int hash(long word) {
    return (((int) word << 8) * SPREAD) >>> (Integer.SIZE - BITS);
  }

  private static void add(long[] table, int slot, int place) {
    table[slot] = table[slot] << Integer.SIZE | place;
  }

  /** How many bytes are the same, from the lowest on. */
  private static int same(long word, long other) {
    return Long.numberOfTrailingZeros(word ^ other) >>> 3;
  }

  /** Counts literals. */
  private static int skip(byte[] source, int from, int to, int[] literals) {
    for (int i = from; i < to; i++) {
      literals[source[i] & 0xff]++;
    }
    return to;
  }

  /** How many bytes are the same from {@code from} and from {@code at} on, of which 8 are. */
  private static int size(byte[] bytes, int from, int at, int end) {
    final int distance = at - from;
    final int last = end - Long.BYTES;
    int here = at + Long.BYTES;
    while (here <= last) {
      final long difference = Copy.load(bytes, here) ^ Copy.load(bytes, here - distance);
      if (difference != 0) {
        return here - at + (Long.numberOfTrailingZeros(difference) >>> 3);
      }
      here += Long.BYTES;
    }
    while (here < end && bytes[here] == bytes[here - distance]) {
      here++;
    }
    return here - at;
  }
}
