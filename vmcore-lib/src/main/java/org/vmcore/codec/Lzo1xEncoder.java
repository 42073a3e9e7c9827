package org.vmcore.codec;

/**
 * Makes LZO1X streams: of a match's candidates the one that was seen last is looked at, as every
 * fast compressor does it.
 *
 * <p>Source: Linux' Documentation/staging/lzo.rst, stream version 0; see {@link Lzo1x}. What starts
 * with 0 0 0 0 for a match isn't made, and a match has 4 bytes at least.
 */
final class Lzo1xEncoder implements Encoder {
  private static final int BITS = 13;

  /** What spreads 4 bytes over the highest bits. */
  private static final int SPREAD = 0x9e37_79b1;

  /** Literals that begin a stream. */
  private static final int FIRST_LITERALS = 4;

  /** Log2 of the literals without a match after which the search takes steps of a byte more. */
  private static final int PATIENCE = 5;

  /** How far back a match of two bytes reaches, and its size. */
  private static final int NEAR = 0x800;

  private static final int NEAR_SIZE = 8;

  /** How far back one that begins with 0 0 1 reaches, and its size without bytes of its own. */
  private static final int MIDDLE = 0x4000;

  private static final int MIDDLE_SIZE = 33;

  /** How far back one that begins with 0 0 0 1 reaches, and its size without bytes of its own. */
  private static final int FAR = 0xbfff;

  private static final int FAR_SIZE = 9;

  /** The most literals in the first byte, and in one behind a match. */
  private static final int FIRST_RUN = 238;

  private static final int RUN = 18;

  private static final int END_SIZE = 3;

  private final Positions positions = new Positions(BITS);

  @Override
  public int encode(
      byte[] source, int offset, int length, byte[] target, int targetOffset, int most) {
    final int end = offset + length;
    final int lastMatch = end - 8;
    final int targetEnd = targetOffset + most - END_SIZE;
    final int[] table = positions.table;
    final int shift = positions.begin(length) - offset;
    int out = targetOffset;
    int literalsFrom = offset;
    int at = offset + FIRST_LITERALS;

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
        out = literals(source, literalsFrom, at, end, target, targetOffset, out, targetEnd);
        if (out < 0) {
          return 0;
        }
      }
      out = match(target, out, targetEnd, at - from, size);
      if (out < 0) {
        return 0;
      }
      at += size;
      literalsFrom = at;
    }

    if (literalsFrom != end) {
      out = literals(source, literalsFrom, end, end, target, targetOffset, out, targetEnd);
    }
    if (out < 0 || out > targetEnd) {
      return 0;
    }
    target[out] = 0x11;
    target[out + 1] = 0;
    target[out + 2] = 0;
    return out + END_SIZE - targetOffset;
  }

  /** The end of the output with these literals; −1 when there is no room for them. */
  private static int literals(
      byte[] source,
      int from,
      int to,
      int end,
      byte[] target,
      int targetOffset,
      int out,
      int targetEnd) {
    final int size = to - from;
    int at = out;
    if (targetEnd - out < size + 2 + size / 255) {
      // Where it is close: what it takes to the byte.
      final boolean isShort = out == targetOffset ? size <= FIRST_RUN : size <= RUN;
      final int head = isShort ? 1 : 2 + (size - RUN - 1) / 255;
      if (targetEnd - out < size + (size <= 3 && out != targetOffset ? 0 : head)) {
        return -1;
      }
    }
    if (out == targetOffset && size <= FIRST_RUN) {
      target[at++] = (byte) (size + 17);
    } else if (size <= 3) {
      // In the two lowest bits of the match in front: two bytes back in every form of it.
      target[at - 2] |= (byte) size;
    } else if (size <= RUN) {
      target[at++] = (byte) (size - 3);
    } else {
      target[at++] = 0;
      at = longSize(target, at, size - RUN);
    }
    Matches.literals(source, from, end, target, at, targetEnd, size);
    return at + size;
  }

  /** The end of the output with this match; −1 when there is no room for it. */
  private static int match(byte[] target, int out, int targetEnd, int distance, int size) {
    int at = out;
    if (distance <= NEAR && size <= NEAR_SIZE) {
      if (targetEnd - at < 2) {
        return -1;
      }
      // 1 L L D D D S S | H H H H H H H H
      // 0 1 L D D D S S | H H H H H H H H
      target[at] = (byte) ((size - 1) << 5 | (distance - 1 & 7) << 2);
      target[at + 1] = (byte) ((distance - 1) >>> 3);
      return at + 2;
    }
    final boolean isFar = distance > MIDDLE;
    final int most = isFar ? FAR_SIZE : MIDDLE_SIZE;
    if (targetEnd - at < (size <= most ? 3 : 4 + (size - most - 1) / 255)) {
      return -1;
    }
    // 0 0 0 1 H L L L | (0)* L | D D D D D D S S | D D D D D D D D
    // 0 0 1 L L L L L | (0)* L | D D D D D D S S | D D D D D D D D
    final int back = isFar ? distance - MIDDLE : distance - 1;
    final int token = isFar ? 16 | (back & 0x4000) >>> 11 : 32;
    if (size <= most) {
      target[at++] = (byte) (token | (size - 2));
    } else {
      target[at++] = (byte) token;
      at = longSize(target, at, size - most);
    }
    target[at] = (byte) (back << 2);
    target[at + 1] = (byte) (back >>> 6);
    return at + 2;
  }

  /** A size of its own bytes: a zero byte for each 255, then 1 to 255. */
  private static int longSize(byte[] target, int out, int size) {
    int at = out;
    int rest = size;
    while (rest > 255) {
      target[at++] = 0;
      rest -= 255;
    }
    target[at++] = (byte) rest;
    return at;
  }
}
