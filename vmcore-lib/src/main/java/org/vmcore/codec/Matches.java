package org.vmcore.codec;

/** What LZ77 encoders do most of their time: bytes compared and copied, 8 at a time. */
final class Matches {
  /** Literals up to which they are copied without a call. */
  private static final int FEW = 16;

  private Matches() {}

  /**
   * How many bytes in a row are the same from {@code from} on and from {@code at} on, of which the
   * first 8 are.
   *
   * @param from below {@code at}
   * @param end of the bytes, at least {@code at + 8}
   */
  static int size(byte[] bytes, int from, int at, int end) {
    final int distance = at - from;
    final int last = end - 8;
    int here = at + 8;
    while (here <= last) {
      long difference = Copy.load(bytes, here) ^ Copy.load(bytes, here - distance);
      if (difference != 0) {
        return here - at + (Long.numberOfTrailingZeros(difference) >>> 3);
      }
      here += 8;
    }
    while (here < end && bytes[here] == bytes[here - distance]) {
      here++;
    }
    return here - at;
  }

  /**
   * Copies {@code size} bytes; those behind them may be written over, in front of {@code
   * targetEnd}.
   *
   * @param sourceEnd of what may be read
   */
  static void literals(
      byte[] source, int from, int sourceEnd, byte[] target, int to, int targetEnd, int size) {
    if (size <= FEW && sourceEnd - from >= FEW && targetEnd - to >= FEW) {
      Copy.eight(source, from, target, to);
      Copy.eight(source, from + 8, target, to + 8);
    } else {
      System.arraycopy(source, from, target, to, size);
    }
  }
}
