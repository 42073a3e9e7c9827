package org.vmcore.codec;

/**
 * Decompresses raw Snappy blocks, not the framing format.
 *
 * <p>Source: Snappy's format_description.txt. A block is its decompressed size, then elements: each
 * is a run of literals or a copy of bytes that are already in the output.
 */
final class Snappy {
  /** Bytes an element of the fast loop may read: 40 of a run of 32 literals. */
  private static final int FAST_INPUT = 40;

  /** Bytes it may write: a copy of 64 in 8 stores of 8. */
  private static final int FAST_OUTPUT = 64;

  private Snappy() {}

  static int decompress(
      byte[] source, int offset, int length, byte[] target, int targetOffset, int most)
      throws MalformedException {
    final int end = offset + length;
    int in = offset;

    // 1 X X X X X X X | ... | 0 X X X X X X X     the decompressed size, its lowest 7 bits first
    long declared = 0;
    for (int shift = 0; ; shift += 7) {
      checkInput(1, end - in, 0);
      if (shift == 35) {
        throw new MalformedException(0, "decompressed size in more than 5 bytes");
      }
      byte next = source[in++];
      declared |= (next & 0x7fL) << shift;
      if (next >= 0) {
        break;
      }
    }
    if (declared > most) {
      throw new MalformedException(
          0, "decompressed size " + declared + " is more than " + most + " bytes");
    }

    final int targetEnd = targetOffset + (int) declared;
    final int fastEnd = end - FAST_INPUT;
    final int fastTargetEnd = targetEnd - FAST_OUTPUT;
    int out = targetOffset;

    while (true) {
      // What most of a page is made of, while there are FAST_INPUT and FAST_OUTPUT bytes. What is
      // out of the ordinary, malformed or not, is left to the careful part behind the loop.
      while (in <= fastEnd && out <= fastTargetEnd) {
        long word = Copy.load(source, in);
        int token = (int) word & 0xff;
        int size;
        int distance;
        if ((token & 3) == 0) {
          // L L L L L L 0 0     1 to 32 literals; see below
          size = (token >>> 2) + 1;
          if (size > 32) {
            break;
          }
          // The last of the loads is at in + 32 and ends at in + 40.
          Copy.store(target, out, word >>> 8);
          Copy.eight(source, in + 8, target, out + 7);
          for (int done = 15; done < size; done += 8) {
            Copy.eight(source, in + 1 + done, target, out + done);
          }
          in += 1 + size;
          out += size;
          continue;
        } else if ((token & 3) == 1) {
          // D D D L L L 0 1 | D D D D D D D D
          size = (token >>> 2 & 7) + 4;
          distance = (token & 0xe0) << 3 | ((int) word >>> 8 & 0xff);
          in += 2;
        } else if ((token & 3) == 2) {
          // L L L L L L 1 0 | D D D D D D D D (2)
          size = (token >>> 2) + 1;
          distance = (int) word >>> 8 & 0xffff;
          in += 3;
        } else {
          break;
        }
        if (distance < 8 || distance > out - targetOffset) {
          in -= (token & 3) + 1;
          break;
        }
        // Up to 64 bytes: the last of the stores is at 56 and ends at 64.
        int from = out - distance;
        Copy.eight(target, from, target, out);
        Copy.eight(target, from + 8, target, out + 8);
        for (int done = 16; done < size; done += 8) {
          Copy.eight(target, from + done, target, out + done);
        }
        out += size;
      }

      // One element of any kind, and every check.
      if (in == end) {
        if (out != targetEnd) {
          throw new MalformedException(
              length, (targetEnd - out) + " bytes less than the decompressed size");
        }
        return out - targetOffset;
      }
      final int start = in - offset;
      int token = source[in++] & 0xff;
      int kind = token & 3;

      if (kind == 0) {
        // L L L L L L 0 0 | (L)*     literals: L + 1; from 60 on L has 1 to 4 bytes of its own
        int bytes = Math.max((token >>> 2) - 59, 0);
        checkInput(bytes, end - in, start);
        long literals = 1L + (bytes == 0 ? token >>> 2 : littleEndian(source, in, bytes));
        in += bytes;
        checkInput(literals, end - in, start);
        checkOutput(literals, targetEnd - out, start);
        System.arraycopy(source, in, target, out, (int) literals);
        in += (int) literals;
        out += (int) literals;
        continue;
      }

      int size;
      long distance;
      if (kind == 1) {
        // D D D L L L 0 1 | D D D D D D D D     4 to 11 bytes, up to 2 KiB back; high bits first
        checkInput(1, end - in, start);
        size = (token >>> 2 & 7) + 4;
        int high = (token & 0xe0) << 3;
        distance = high | (source[in++] & 0xff);
      } else {
        // L L L L L L 1 0 | D D D D D D D D (2)     1 to 64 bytes, up to 64 KiB back
        // L L L L L L 1 1 | D D D D D D D D (4)     1 to 64 bytes, up to 4 GiB back
        int bytes = kind == 2 ? 2 : 4;
        checkInput(bytes, end - in, start);
        size = (token >>> 2) + 1;
        distance = littleEndian(source, in, bytes);
        in += bytes;
      }
      if (distance == 0 || distance > out - targetOffset) {
        throw new MalformedException(
            start,
            "copy " + distance + " bytes back" + (distance == 0 ? "" : ", before the first"));
      }
      checkOutput(size, targetEnd - out, start);
      Copy.match(target, out, (int) distance, size, targetEnd);
      out += size;
    }
  }

  private static long littleEndian(byte[] source, int in, int bytes) {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (source[in + i] & 0xffL) << (8 * i);
    }
    return value;
  }

  private static void checkInput(long size, int available, int start) throws MalformedException {
    if (size > available) {
      throw new MalformedException(start, "the input ends in an element");
    }
  }

  private static void checkOutput(long size, int room, int start) throws MalformedException {
    if (size > room) {
      throw new MalformedException(start, "more output than the decompressed size");
    }
  }
}
