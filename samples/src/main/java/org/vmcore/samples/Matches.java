package org.vmcore.samples;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Where bytes of a page repeat earlier ones: the first match that is found, greedily. */
final class Matches {
  private static final int BITS = 12;
  private static final int SHORTEST = 4;

  private final byte[] page;
  private final ByteBuffer words;
  private final int[] last = new int[1 << BITS];

  Matches(byte[] page) {
    this.page = page;
    this.words = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** What an encoder writes. */
  interface Tokens {
    /**
     * The page's bytes {@code from} to {@code to}, then {@code length} bytes {@code distance} back.
     */
    void put(int from, int to, int length, int distance);
  }

  /** Tells all of them, and gives where the literals begin that no match follows. */
  int forEach(int longest, Tokens tokens) {
    Arrays.fill(last, -1);
    int literals = 0;
    int at = 0;
    while (at + SHORTEST <= page.length) {
      int hash = (words.getInt(at) * 0x9e37_79b1) >>> (32 - BITS);
      int earlier = last[hash];
      last[hash] = at;
      int length = earlier < 0 ? 0 : length(earlier, at, longest);
      if (length < SHORTEST) {
        at++;
      } else {
        tokens.put(literals, at, length, at - earlier);
        at += length;
        literals = at;
      }
    }
    return literals;
  }

  private int length(int earlier, int at, int longest) {
    int length = 0;
    while (length < longest
        && at + length < page.length
        && page[earlier + length] == page[at + length]) {
      length++;
    }
    return length;
  }
}
