package org.vmcore.codec;

import java.util.Arrays;
import java.util.zip.Adler32;

/**
 * Makes zlib streams, about as small as those of zlib's level 1, in half of its time.
 *
 * <p>Each 32 KiB are a block, written the shortest of the three ways, of which the size is known
 * before a bit is written. What the second compiler makes of this is in use within a second, which
 * is as long as many dumps take: so few loops are such as it makes ones of vectors, and what is
 * called twice is called from one place.
 *
 * <p>Sources: RFC 1950 (the stream), RFC 1951 (deflate).
 */
final class DeflateEncoder implements Encoder {
  /** Bytes of a block: what a stored one may have, and more than most pages. */
  private static final int BLOCK = 1 << 15;

  /** CMF: deflate, a window of 32 KiB; FLG: the fastest, and what makes both 31 * n. */
  private static final int HEADER = 0x0178;

  private static final int CHECK_SIZE = 4;

  /** BFINAL and, from bit 1 on, BTYPE (RFC 1951, 3.2.3). */
  private static final int LAST = 1;

  private static final int STORED = 0;
  private static final int FIXED = 1 << 1;
  private static final int DYNAMIC = 2 << 1;
  private static final int TYPE_BITS = 3;

  /** LEN and NLEN (RFC 1951, 3.2.4). */
  private static final int STORED_SIZE_BITS = 32;

  /** Literals that are written at once: with 7 bits before them no more than a long has. */
  private static final int AT_ONCE = 4;

  private static final int LITERAL_BITS = 14;
  private static final int DISTANCE_BITS = 15;

  private final DeflateMatches matches = new DeflateMatches(BLOCK);
  private final HuffmanCode literals =
      new HuffmanCode(DeflateSymbols.LITERALS_AND_LENGTHS, LITERAL_BITS);
  private final HuffmanCode distances = new HuffmanCode(DeflateSymbols.DISTANCES, DISTANCE_BITS);
  private final HuffmanCode[] codes = {literals, distances};
  private final CodeLengths lengths = new CodeLengths();
  private final BitWriter out = new BitWriter();
  private final Adler32 adler32 = new Adler32();

  @Override
  public int encode(
      byte[] source, int offset, int length, byte[] target, int targetOffset, int most) {
    final int end = offset + length;
    int from = offset;
    out.begin(target, targetOffset, targetOffset + most);
    out.put(HEADER, 16);
    matches.begin(offset, length);
    do {
      int stop = Math.min(end, from + BLOCK);
      if (!block(source, from, stop, stop == end ? LAST : 0)) {
        return 0;
      }
      from = stop;
    } while (from < end);
    out.align();
    if (out.end - out.at < CHECK_SIZE) {
      return 0;
    }
    adler32.reset();
    adler32.update(source, offset, length);
    out.put(Integer.reverseBytes((int) adler32.getValue()), Integer.SIZE);
    return out.at - targetOffset;
  }

  /** Writes a block the shortest way; whether there was room for it. */
  private boolean block(byte[] source, int from, int end, int isLast) {
    final int size = end - from;
    matches.find(source, from, end, literals.frequencies, distances.frequencies);
    if (isNoise(size)) {
      Arrays.fill(literals.frequencies, 0);
      Arrays.fill(distances.frequencies, 0);
      return stored(source, from, size, isLast);
    }
    final int stored = storedBits(size);
    final int fixed = DeflateSymbols.fixedBits(literals.frequencies, distances.frequencies, stored);
    int dynamic = 0;
    for (HuffmanCode code : codes) {
      dynamic += code.build();
    }
    dynamic += lengths.take(literals, distances);
    final int least = matches.extraBits + Math.min(fixed, dynamic);
    if (stored <= TYPE_BITS + least) {
      return stored(source, from, size, isLast);
    }
    if (!out.hasRoom(TYPE_BITS + least)) {
      return false;
    }
    if (fixed <= dynamic) {
      out.put(FIXED | isLast, TYPE_BITS);
      symbols(source, from, DeflateSymbols.FIXED_CODES, DeflateSymbols.FIXED_DISTANCES);
    } else {
      out.put(DYNAMIC | isLast, TYPE_BITS);
      lengths.write(out);
      symbols(source, from, literals.codes, distances.codes);
    }
    return true;
  }

  /**
   * Whether a block is as good as random: next to nothing matches, and no code for its bytes can
   * save as much as it takes to tell the code.
   *
   * <p>By the sum of the squares of n bytes' frequencies they have at least 2 log2 n - log2 sum
   * bits of information each: here more than 7.87.
   */
  private boolean isNoise(int size) {
    if (matches.matched > size >> 7) {
      return false;
    }
    final int[] frequencies = literals.frequencies;
    final int count = size - matches.matched;
    final int most = (int) ((long) count * count / 234);
    int squares = 0;
    for (int i = 0; i < DeflateSymbols.END_OF_BLOCK && squares <= most; i++) {
      squares += frequencies[i] * frequencies[i];
    }
    return squares < most;
  }

  private int storedBits(int size) {
    int padding = -(out.count + TYPE_BITS) & 7;
    return TYPE_BITS + padding + STORED_SIZE_BITS + 8 * size;
  }

  private boolean stored(byte[] source, int from, int size, int isLast) {
    if (!out.hasRoom(storedBits(size))) {
      return false;
    }
    out.put(STORED | isLast, TYPE_BITS);
    out.align();
    out.put(size | ~size << 16, STORED_SIZE_BITS);
    out.bytes(source, from, size);
    return true;
  }

  /** Writes the block's literals and matches, and its end, in these codes. */
  private void symbols(byte[] source, int from, int[] literals, int[] distances) {
    out.flush();
    final byte[] target = out.target;
    final int end = out.end;
    final long[] sequences = matches.sequences;
    final int count = matches.count;
    long bits = out.bits;
    int n = out.count;
    int to = out.at;
    int at = from;
    for (int i = 0; ; i++) {
      final long sequence = i < count ? sequences[i] : matches.rest;
      final int matchAt = at + ((int) sequence & 0xffff);
      for (; matchAt - at >= AT_ONCE; at += AT_ONCE) {
        final int a = literals[source[at] & 0xff];
        final int b = literals[source[at + 1] & 0xff];
        final int c = literals[source[at + 2] & 0xff];
        final int d = literals[source[at + 3] & 0xff];
        bits |= (long) (a >>> HuffmanCode.LENGTH_BITS) << n;
        n += a & HuffmanCode.LENGTH_MASK;
        bits |= (long) (b >>> HuffmanCode.LENGTH_BITS) << n;
        n += b & HuffmanCode.LENGTH_MASK;
        bits |= (long) (c >>> HuffmanCode.LENGTH_BITS) << n;
        n += c & HuffmanCode.LENGTH_MASK;
        bits |= (long) (d >>> HuffmanCode.LENGTH_BITS) << n;
        n += d & HuffmanCode.LENGTH_MASK;
        to = BitWriter.store(target, to, end, bits, n);
        bits >>>= n & ~7;
        n &= 7;
      }
      for (; at < matchAt; at++) {
        final int a = literals[source[at] & 0xff];
        bits |= (long) (a >>> HuffmanCode.LENGTH_BITS) << n;
        n += a & HuffmanCode.LENGTH_MASK;
      }
      to = BitWriter.store(target, to, end, bits, n);
      bits >>>= n & ~7;
      n &= 7;
      if (i == count) {
        break;
      }
      final int size = (int) (sequence >>> DeflateMatches.SIZE_SHIFT) & 0x1ff;
      final int back = (int) (sequence >>> DeflateMatches.BACK_SHIFT) & 0x7fff;
      final int symbol = (int) (sequence >>> DeflateMatches.SYMBOL_SHIFT);
      // Up to 14 and 5 bits for the length, 15 and 13 for the distance: 47, and 7 before them.
      final int length = DeflateSymbols.LENGTHS[size - DeflateSymbols.SHORTEST];
      final int lengthCode = literals[length & DeflateSymbols.LENGTH_MASK];
      bits |= (long) (lengthCode >>> HuffmanCode.LENGTH_BITS) << n;
      n += lengthCode & HuffmanCode.LENGTH_MASK;
      bits |= (long) (length >>> DeflateSymbols.EXTRA_SHIFT) << n;
      n += DeflateSymbols.lengthExtra(length);
      final int distanceCode = distances[symbol];
      bits |= (long) (distanceCode >>> HuffmanCode.LENGTH_BITS) << n;
      n += distanceCode & HuffmanCode.LENGTH_MASK;
      final int extra = DeflateSymbols.distanceExtra(symbol);
      bits |= (long) (back & ((1 << extra) - 1)) << n;
      n += extra;
      to = BitWriter.store(target, to, end, bits, n);
      bits >>>= n & ~7;
      n &= 7;
      at += size;
    }
    out.bits = bits;
    out.count = n;
    out.at = to;
    out.putCode(literals[DeflateSymbols.END_OF_BLOCK]);
  }
}
