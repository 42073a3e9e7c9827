package org.vmcore.codec;

/**
 * Makes raw Snappy blocks.
 *
 * <p>Source: Snappy's format_description.txt; see {@link Snappy}. A copy has 4 bytes at least, and
 * none reaches farther back than 2 bytes can tell.
 */
final class SnappyEncoder implements Encoder {
  private static final int BITS = 13;

  /** What spreads 4 bytes over the highest bits. */
  private static final int SPREAD = 0x1e35_a7bd;

  /** Log2 of the literals without a copy after which the search takes steps of a byte more. */
  private static final int PATIENCE = 5;

  /** How far back a copy reaches that has one byte of it in the tag, and its size. */
  private static final int NEAR = 0x7ff;

  private static final int NEAR_SIZE = 11;

  /** How far back a copy reaches that has two bytes for it, and its size. */
  private static final int FAR = 0xffff;

  private static final int COPY_SIZE = 64;

  /** The most literals whose number fits in the tag. */
  private static final int RUN = 60;

  private final Positions positions = new Positions(BITS);

  @Override
  public int encode(
      byte[] source, int offset, int length, byte[] target, int targetOffset, int most) {
    final int end = offset + length;
    final int lastMatch = end - 8;
    final int targetEnd = targetOffset + most;
    final int[] table = positions.table;
    final int shift = positions.begin(length) - offset;
    int out = declaredSize(target, targetOffset, targetEnd, length);
    int literalsFrom = offset;
    int at = offset + 1;
    if (out < 0) {
      return 0;
    }

    while (at <= lastMatch) {
      final long word = Copy.load(source, at);
      final int slot = ((int) word * SPREAD) >>> (Integer.SIZE - BITS);
      // What isn't of this block is lower: then its first bytes are looked at.
      final int from = Math.max(table[slot] - shift, offset);
      table[slot] = at + shift;
      final long difference = word ^ Copy.load(source, from);
      if ((int) difference != 0 || at - from > FAR) {
        at += 1 + ((at - literalsFrom) >>> PATIENCE);
        continue;
      }
      final int size =
          difference == 0
              ? Matches.size(source, from, at, end)
              : Long.numberOfTrailingZeros(difference) >>> 3;
      if (at != literalsFrom) {
        out = literals(source, literalsFrom, at, end, target, out, targetEnd);
        if (out < 0) {
          return 0;
        }
      }
      out = copies(target, out, targetEnd, at - from, size);
      if (out < 0) {
        return 0;
      }
      at += size;
      literalsFrom = at;
    }

    if (literalsFrom != end) {
      out = literals(source, literalsFrom, end, end, target, out, targetEnd);
    }
    return out < 0 ? 0 : out - targetOffset;
  }

  /** The end of the output with the size of what is compressed; −1 when there is no room for it. */
  private static int declaredSize(byte[] target, int out, int targetEnd, int size) {
    int at = out;
    for (int rest = size; ; rest >>>= 7) {
      if (at == targetEnd) {
        return -1;
      }
      if (rest < 0x80) {
        target[at++] = (byte) rest;
        return at;
      }
      target[at++] = (byte) (rest | 0x80);
    }
  }

  /** The end of the output with these literals; −1 when there is no room for them. */
  private static int literals(
      byte[] source, int from, int to, int end, byte[] target, int out, int targetEnd) {
    final int size = to - from;
    final int last = size - 1;
    // L L L L L L 0 0 | (L)*     literals: L + 1; from 60 on L has 1 to 4 bytes of its own
    final int bytes =
        size <= RUN ? 0 : (((Integer.SIZE - 1) - Integer.numberOfLeadingZeros(last)) >>> 3) + 1;
    if (targetEnd - out - 1 - bytes < size) {
      return -1;
    }
    int at = out;
    target[at++] = (byte) ((bytes == 0 ? last : RUN - 1 + bytes) << 2);
    for (int i = 0; i < bytes; i++) {
      target[at++] = (byte) (last >>> (8 * i));
    }
    Matches.literals(source, from, end, target, at, targetEnd, size);
    return at + size;
  }

  /** The end of the output with a copy, in as many as it takes; −1 when there is no room for it. */
  private static int copies(byte[] target, int out, int targetEnd, int distance, int size) {
    int at = out;
    int rest = size;
    // What is left is at least 4: that many a short copy has.
    while (rest > COPY_SIZE) {
      final int part = rest >= COPY_SIZE + 4 ? COPY_SIZE : RUN;
      if (targetEnd - at < 3) {
        return -1;
      }
      at = longCopy(target, at, distance, part);
      rest -= part;
    }
    if (rest <= NEAR_SIZE && distance <= NEAR) {
      if (targetEnd - at < 2) {
        return -1;
      }
      // D D D L L L 0 1 | D D D D D D D D     high bits first
      target[at] = (byte) ((distance >>> 8) << 5 | (rest - 4) << 2 | 1);
      target[at + 1] = (byte) distance;
      return at + 2;
    }
    return targetEnd - at < 3 ? -1 : longCopy(target, at, distance, rest);
  }

  private static int longCopy(byte[] target, int at, int distance, int size) {
    // L L L L L L 1 0 | D D D D D D D D (2)
    target[at] = (byte) ((size - 1) << 2 | 2);
    target[at + 1] = (byte) distance;
    target[at + 2] = (byte) (distance >>> 8);
    return at + 3;
  }
}
