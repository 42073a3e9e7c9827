package org.vmcore.codec;

/**
 * Writes bits, the first into the lowest bit of a byte (RFC 1951, 3.1.1).
 *
 * <p>The caller makes sure that there is room. A loop that writes much does so by itself, from what
 * the fields say.
 */
final class BitWriter {
  byte[] target = new byte[0];

  /** Where the next byte goes. */
  int at;

  /** Up to here it may be written, which is done behind {@link #at} as well. */
  int end;

  /** What isn't written yet: the lowest {@link #count} bits, at most 31; the others are 0. */
  long bits;

  int count;

  void begin(byte[] target, int at, int end) {
    this.target = target;
    this.at = at;
    this.end = end;
    bits = 0;
    count = 0;
  }

  /** Whether there is room for so many bits. */
  boolean hasRoom(int size) {
    return (count + size + 7) >>> 3 <= end - at;
  }

  /** Writes the lowest {@code size} bits, at most 32, of {@code value}, whose others are 0. */
  void put(int value, int size) {
    bits |= Integer.toUnsignedLong(value) << count;
    count += size;
    if (count >= Integer.SIZE) {
      flush();
    }
  }

  /** Writes a code of a {@link HuffmanCode}. */
  void putCode(int code) {
    put(code >>> HuffmanCode.LENGTH_BITS, code & HuffmanCode.LENGTH_MASK);
  }

  /** Writes all whole bytes. */
  void flush() {
    at = store(target, at, end, bits, count);
    bits >>>= count & ~7;
    count &= 7;
  }

  /** Fills the last byte with zeros. */
  void align() {
    count = (count + 7) & ~7;
    flush();
  }

  /** Writes bytes as they are; all before them were whole. */
  void bytes(byte[] source, int offset, int length) {
    flush();
    System.arraycopy(source, offset, target, at, length);
    at += length;
  }

  /** Writes the whole bytes of {@code count} bits, at most 63; where the next byte goes. */
  static int store(byte[] target, int at, int end, long bits, int count) {
    if (end - at >= Long.BYTES) {
      Copy.store(target, at, bits);
    } else {
      for (int i = 0; i < count >>> 3; i++) {
        target[at + i] = (byte) (bits >>> (8 * i));
      }
    }
    return at + (count >>> 3);
  }
}
