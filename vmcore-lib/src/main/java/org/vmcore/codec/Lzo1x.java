package org.vmcore.codec;

/**
 * Decompresses LZO1X streams, whichever of the LZO1X compressors made them.
 *
 * <p>Source: Linux' Documentation/staging/lzo.rst, stream version 0. A stream is a series of
 * instructions: each copies a match, bytes that are already in the output, and 0 to 3 literals
 * behind it, or it copies a run of literals only. Which of the two an instruction below 16 is, and
 * how far back it reaches, depends on the literals before it.
 */
final class Lzo1x {
  /** No literals right before the instruction: below 16 it is a run of literals. */
  private static final int AFTER_MATCH = 0;

  /** A run of literals right before the instruction: below 16 it is a match of 3 bytes. */
  private static final int AFTER_RUN = 4;

  /** Bytes an instruction of the fast loop may read: 24 of a run of literals. */
  private static final int FAST_INPUT = 24;

  /** Bytes it may write: a match of 33 in 5 stores of 8, or 33 and a store of literals behind. */
  private static final int FAST_OUTPUT = 41;

  private Lzo1x() {}

  static int decompress(
      byte[] source, int offset, int length, byte[] target, int targetOffset, int most)
      throws MalformedException {
    final int end = offset + length;
    final int targetEnd = targetOffset + most;
    final int fastEnd = end - FAST_INPUT;
    final int fastTargetEnd = targetEnd - FAST_OUTPUT;
    int in = offset;
    int out = targetOffset;
    int state = AFTER_MATCH;

    // The first byte, when it is above 17: literals + 17, up to 3 of them as if behind a match.
    if (length > 0 && (source[offset] & 0xff) > 17) {
      int literals = (source[in++] & 0xff) - 17;
      checkLiterals(literals, end - in, targetEnd - out, 0);
      System.arraycopy(source, in, target, out, literals);
      in += literals;
      out += literals;
      state = Math.min(literals, AFTER_RUN);
    }

    while (true) {
      // What most of a page is made of, while there are FAST_INPUT and FAST_OUTPUT bytes. What is
      // out of the ordinary, malformed or not, is left to the careful part behind the loop.
      while (in <= fastEnd && out <= fastTargetEnd) {
        // An instruction with its operands and up to 3 literals: up to 6 bytes.
        long word = Copy.load(source, in);
        int token = (int) word & 0xff;
        int literals;
        if (token >= 64) {
          // 1 L L D D D S S | H H H H H H H H     see below
          // 0 1 L D D D S S | H H H H H H H H
          int distance = ((int) word >>> 5 & 0x7f8) + (token >>> 2 & 7) + 1;
          if (distance > out - targetOffset) {
            break;
          }
          // Up to 8 bytes: one store, and 8 <= FAST_OUTPUT - 8 for the literals.
          long match = Copy.load(target, out - distance);
          Copy.store(target, out, distance < 8 ? Copy.repeated(match, distance) : match);
          out += (token >>> 5) + 1;
          in += 2;
          word >>>= 16;
          literals = token & 3;
        } else if (token > 32) {
          // 0 0 1 L L L L L | D D D D D D S S | D D D D D D D D
          int distance = ((int) word >>> 10 & 0x3fff) + 1;
          if (distance < 8 || distance > out - targetOffset) {
            break;
          }
          // 3 to 33 bytes: the last of the stores is at 32 and ends at 40.
          int size = (token & 31) + 2;
          int from = out - distance;
          Copy.eight(target, from, target, out);
          Copy.eight(target, from + 8, target, out + 8);
          for (int done = 16; done < size; done += 8) {
            Copy.eight(target, from + done, target, out + done);
          }
          out += size;
          in += 3;
          literals = (int) word >>> 8 & 3;
          word >>>= 24;
        } else if (state == AFTER_MATCH && token < 16 && token > 0) {
          // 0 0 0 0 L L L L     4 to 18 literals: 7 of this word, then 16 that end at in + 24
          Copy.store(target, out, word >>> 8);
          Copy.eight(source, in + 8, target, out + 7);
          Copy.eight(source, in + 16, target, out + 15);
          in += token + 4;
          out += token + 3;
          state = AFTER_RUN;
          continue;
        } else {
          break;
        }
        Copy.store(target, out, word);
        in += literals;
        out += literals;
        state = literals;
      }

      // One instruction of any kind, and every check.
      final int start = in - offset;
      checkInput(1, end - in, start);
      int token = source[in++] & 0xff;
      int literals = token & 3;
      int size;
      int distance;

      if (token < 16 && state == AFTER_MATCH) {
        // 0 0 0 0 L L L L | (0)* L     4 literals or more
        size = token;
        if (size == 0) {
          int last = skipZeros(source, in, end, start);
          size = longSize(15, last - in, source[last] & 0xff);
          in = last + 1;
        }
        size += 3;
        checkLiterals(size, end - in, targetEnd - out, start);
        System.arraycopy(source, in, target, out, size);
        in += size;
        out += size;
        state = AFTER_RUN;
        continue;
      }
      if (token < 16) {
        // 0 0 0 0 D D S S | H H H H H H H H     behind 1 to 3 literals 2 bytes, up to 1 KiB back,
        //                                       behind a run of them 3 bytes, 2 to 3 KiB back
        checkInput(1, end - in, start);
        size = state == AFTER_RUN ? 3 : 2;
        distance = (source[in++] & 0xff) << 2 | token >>> 2;
        distance += state == AFTER_RUN ? 2049 : 1;
      } else if (token < 64) {
        // 0 0 0 1 H L L L | (0)* L | D D D D D D S S | D D D D D D D D     16 to 48 KiB back
        // 0 0 1 L L L L L | (0)* L | D D D D D D S S | D D D D D D D D     up to 16 KiB back
        int mask = token < 32 ? 7 : 31;
        size = token & mask;
        if (size == 0) {
          int last = skipZeros(source, in, end, start);
          size = longSize(mask, last - in, source[last] & 0xff);
          in = last + 1;
        }
        size += 2;
        checkInput(2, end - in, start);
        int pair = (source[in] & 0xff) | (source[in + 1] & 0xff) << 8;
        in += 2;
        literals = pair & 3;
        distance = pair >>> 2;
        if (token >= 32) {
          distance++;
        } else {
          distance += (token & 8) << 11;
          if (distance == 0) {
            if (in != end) {
              throw new MalformedException(in - offset, "bytes behind the end of the stream");
            }
            return out - targetOffset;
          }
          distance += 16384;
        }
      } else {
        // 0 1 L D D D S S | H H H H H H H H     3 or 4 bytes, up to 2 KiB back
        // 1 L L D D D S S | H H H H H H H H     5 to 8 bytes, up to 2 KiB back
        checkInput(1, end - in, start);
        size = (token >>> 5) + 1;
        distance = ((source[in++] & 0xff) << 3 | (token >>> 2 & 7)) + 1;
      }

      if (distance > out - targetOffset) {
        throw new MalformedException(start, "match " + distance + " bytes back, before the first");
      }
      checkOutput(size, targetEnd - out, start);
      Copy.match(target, out, distance, size, targetEnd);
      out += size;
      checkLiterals(literals, end - in, targetEnd - out, start);
      for (int i = 0; i < literals; i++) {
        target[out++] = source[in++];
      }
      state = literals;
    }
  }

  /** Where the first byte at or behind {@code in} that isn't zero is. */
  private static int skipZeros(byte[] source, int in, int end, int start)
      throws MalformedException {
    int at = in;
    while (at < end && source[at] == 0) {
      at++;
    }
    checkInput(1, end - at, start);
    return at;
  }

  /**
   * A size that doesn't fit in its bits: {@code base}, 255 for each zero byte, and the byte behind
   * them. One that no array has stays so and doesn't overflow.
   */
  private static int longSize(int base, int zeros, int last) {
    return (int) Math.min(base + 255L * zeros + last, Integer.MAX_VALUE - 3);
  }

  private static void checkLiterals(int size, int available, int room, int start)
      throws MalformedException {
    checkInput(size, available, start);
    checkOutput(size, room, start);
  }

  private static void checkInput(int size, int available, int start) throws MalformedException {
    if (size > available) {
      throw new MalformedException(start, "the input ends in an instruction, or before its end");
    }
  }

  private static void checkOutput(int size, int room, int start) throws MalformedException {
    if (size > room) {
      throw new MalformedException(start, "more output than there is room for");
    }
  }
}
