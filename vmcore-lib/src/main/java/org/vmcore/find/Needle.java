package org.vmcore.find;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What is sought in memory: bytes, some of whose bits may be anything, or numbers of a range.
 *
 * <p>Needles don't change; any number of threads may use one.
 */
public abstract sealed class Needle permits ByteNeedle, WordNeedle {
  /** The most bytes that one takes. */
  public static final int MOST = 1 << 12;

  Needle() {}

  /**
   * These bytes.
   *
   * @throws IllegalArgumentException when there are none, or more than {@link #MOST}
   */
  public static Needle bytes(byte[] bytes) {
    byte[] mask = new byte[bytes.length];
    Arrays.fill(mask, (byte) -1);
    return masked(bytes, mask);
  }

  /**
   * Bytes of which only those bits count that are set in {@code mask}.
   *
   * @param mask as long as {@code bytes}
   * @throws IllegalArgumentException when there are none, or more than {@link #MOST}, no bit
   *     counts, or the lengths differ
   */
  public static Needle masked(byte[] bytes, byte[] mask) {
    return ByteNeedle.of(bytes, mask);
  }

  /**
   * Text as UTF-8.
   *
   * @param ignoreCase whether ASCII's letters may be of either case
   * @throws IllegalArgumentException when it is empty, or more than {@link #MOST} bytes
   */
  public static Needle text(String text, boolean ignoreCase) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] mask = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      int lower = bytes[i] | 0x20;
      mask[i] = (byte) (ignoreCase && lower >= 'a' && lower <= 'z' ? ~0x20 : -1);
    }
    return masked(bytes, mask);
  }

  /**
   * Numbers from {@code first} to {@code last}, both included and unsigned: pointers into a range.
   *
   * @param size of a number in bytes, 4 or 8; of 4, both ends are numbers of 32 bits
   * @param order its byte order
   * @throws IllegalArgumentException for another size, or when the end is below the start
   */
  public static Needle words(long first, long last, int size, ByteOrder order) {
    return new WordNeedle(first, last, size, order);
  }

  /** How many bytes it takes. */
  public abstract int size();

  /** Whether zeros alone are such. */
  abstract boolean matchesZeros();

  /**
   * The first index from {@code from} on at which it is, and that is {@code phase} and a multiple
   * of {@code step}; negative when there is none that lies, with all of its bytes, in front of
   * {@code to}.
   *
   * @param step a power of two
   * @param phase below {@code step}
   */
  abstract int next(byte[] bytes, int from, int to, int step, int phase);
}
