package org.vmcore.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Copies bytes 8 at a time: what LZ77 decoders do most of their time. */
final class Copy {
  /** Bytes behind a match that {@link #match} may write over: its last store is of 16. */
  private static final int SLACK = 16;

  /** Little-endian, so that the lowest address is in the lowest bits on every machine. */
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** For each distance below 8: what repeats its bytes over 8 when they are multiplied by it. */
  private static final long[] REPEAT = {
    0,
    0x0101_0101_0101_0101L,
    0x0001_0001_0001_0001L,
    0x0001_0000_0100_0001L,
    0x0000_0001_0000_0001L,
    0x0000_0100_0000_0001L,
    0x0001_0000_0000_0001L,
    0x0100_0000_0000_0001L,
  };

  /** For each distance below 8: the largest multiple of it that isn't above 8. */
  private static final int[] STEP = {0, 8, 8, 6, 8, 5, 6, 7};

  private Copy() {}

  /** The 8 bytes at {@code at}, the first in the lowest bits. */
  static long load(byte[] bytes, int at) {
    return (long) LONG.get(bytes, at);
  }

  /** The 4 bytes at {@code at}, the first in the lowest bits. */
  static int loadInt(byte[] bytes, int at) {
    return (int) INT.get(bytes, at);
  }

  /** Writes the 8 bytes of {@code value} at {@code at}, the lowest bits first. */
  static void store(byte[] bytes, int at, long value) {
    LONG.set(bytes, at, value);
  }

  /** Copies 8 bytes. */
  static void eight(byte[] source, int from, byte[] target, int to) {
    store(target, to, load(source, from));
  }

  /** The first {@code distance} of 8 bytes, 1 to 7 of them, again and again. */
  static long repeated(long bytes, int distance) {
    return (bytes & (-1L >>> (64 - 8 * distance))) * REPEAT[distance];
  }

  /**
   * Copies {@code size} bytes from {@code distance} bytes before {@code at}; when the two overlap
   * the bytes between them repeat.
   *
   * @param at where to write; at least {@code distance} bytes precede it
   * @param end of what may be written, at least {@code at + size}
   */
  static void match(byte[] bytes, int at, int distance, int size, int end) {
    int stop = at + size;
    if (end - stop < SLACK) {
      matchAtEnd(bytes, at, distance, stop, end);
    } else if (distance < 8) {
      repeat(bytes, at, distance, stop);
    } else {
      // Each 16 bytes start below stop, so they end below stop + SLACK <= end.
      int from = at - distance;
      do {
        eight(bytes, from, bytes, at);
        eight(bytes, from + 8, bytes, at + 8);
        at += 16;
        from += 16;
      } while (at < stop);
    }
  }

  /** Repeats {@code distance} bytes until {@code stop} is reached; at least 8 may follow it. */
  private static void repeat(byte[] bytes, int at, int distance, int stop) {
    // Read: up to at - distance + 8 <= at + 7. Written: below stop + 8.
    long pattern = repeated(load(bytes, at - distance), distance);
    int step = STEP[distance];
    do {
      store(bytes, at, pattern);
      at += step;
    } while (at < stop);
  }

  /** As much in stores of 8 bytes as has room for them, the rest byte by byte. */
  private static void matchAtEnd(byte[] bytes, int at, int distance, int stop, int end) {
    // A store of 8 bytes that starts below wide ends below end.
    int wide = Math.min(stop, end - 8);
    if (distance < 8 && at < wide) {
      repeat(bytes, at, distance, wide);
      at = wide;
    }
    for (; at < wide; at += 8) {
      eight(bytes, at - distance, bytes, at);
    }
    for (; at < stop; at++) {
      bytes[at] = bytes[at - distance];
    }
  }
}
