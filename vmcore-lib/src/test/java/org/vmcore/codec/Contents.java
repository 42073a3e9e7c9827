package org.vmcore.codec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Bytes to be compressed, of all kinds that pages have. */
final class Contents {
  private static final long SEED = 20;

  private Contents() {}

  /** Bytes that nothing repeats. */
  static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(SEED).nextBytes(bytes);
    return bytes;
  }

  /** {@code size} bytes of each kind. */
  static List<byte[]> ofSize(int size) {
    List<byte[]> all = new ArrayList<>();
    all.add(new byte[size]);
    all.add(random(size));
    byte[] ones = new byte[size];
    Arrays.fill(ones, (byte) 0xff);
    all.add(ones);
    all.add(text(size));
    all.add(few(size));
    all.add(pointers(size));
    all.add(sparse(size));
    for (int period = 2; period <= 9; period++) {
      all.add(periodic(size, period));
    }
    return all;
  }

  private static byte[] text(int size) {
    byte[] words =
        "BUG: kernel NULL pointer dereference, address: 0000000000000000 #PF: supervisor read "
            .getBytes(StandardCharsets.US_ASCII);
    Random random = new Random(SEED);
    byte[] bytes = new byte[size];
    int at = 0;
    while (at < size) {
      int from = random.nextInt(words.length - 5);
      int length = Math.min(Math.min(1 + random.nextInt(20), words.length - from), size - at);
      System.arraycopy(words, from, bytes, at, length);
      at += length;
    }
    return bytes;
  }

  /** Bytes of few values: many short matches. */
  private static byte[] few(int size) {
    Random random = new Random(SEED);
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) random.nextInt(3);
    }
    return bytes;
  }

  private static byte[] pointers(int size) {
    Random random = new Random(SEED);
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (i % 8 < 3 ? random.nextInt() : i % 8 < 5 ? 0x88 : 0xff);
    }
    return bytes;
  }

  /** Matches as short as can be, far back and far from each other: what takes the most room. */
  private static byte[] sparse(int size) {
    byte[] bytes = random(size);
    for (int at = 5000; at + 4 <= size; at += 23) {
      System.arraycopy(bytes, at - 4999, bytes, at, 4);
    }
    return bytes;
  }

  private static byte[] periodic(int size, int period) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (i % period * 7 + 1);
    }
    return bytes;
  }

  /**
   * {@code size} bytes, and what precedes them and lies between them is random, that are {@code
   * distance} bytes behind the same bytes.
   */
  static byte[] match(int distance, int size, int behind) {
    byte[] bytes = random(16 + distance + size + behind);
    for (int i = 0; i < size; i++) {
      bytes[16 + distance + i] = bytes[16 + i];
    }
    if (behind > 0) {
      bytes[16 + distance + size] = (byte) ~bytes[16 + size];
    }
    return bytes;
  }
}
