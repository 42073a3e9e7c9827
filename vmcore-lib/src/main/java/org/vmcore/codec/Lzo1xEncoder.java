package org.vmcore.codec;

/**
 * Makes LZO1X streams: of all places that may match the one that was seen last is looked at.
 *
 * <p>Source: Linux' Documentation/staging/lzo.rst, stream version 0, and FORMATS.md, 136; see
 * {@link Lzo1x}. A match has 4 bytes at least; none begins with 0 0 0 0.
 */
final class Lzo1xEncoder extends MatchEncoder {
  /** Literals that begin a stream. */
  private static final int FIRST_LITERALS = 4;

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

  Lzo1xEncoder() {
    super(FIRST_LITERALS, FAR);
  }

  @Override
  void begin(int size) {}

  @Override
  int sequence(byte[] bytes, int from, int at, int distance, long difference, int end) {
    final byte[] target = this.target;
    final int literals = at - from;
    int next = this.out;
    if (literals <= 3) {
      // In the two lowest bits of the match in front: two bytes back in every form of it.
      target[next - 2] |= (byte) literals;
      Copy.eight(bytes, from, target, next);
      next += literals;
    } else {
      if (next == 0 && literals <= FIRST_RUN) {
        target[next++] = (byte) (literals + 17);
      } else if (literals <= RUN) {
        target[next++] = (byte) (literals - 3);
      } else {
        target[next++] = 0;
        int rest = literals - RUN;
        for (; rest > 255; rest -= 255) {
          target[next++] = 0;
        }
        target[next++] = (byte) rest;
      }
      if (literals <= FEW) {
        Copy.eight(bytes, from, target, next);
        Copy.eight(bytes, from + 8, target, next + 8);
      } else {
        System.arraycopy(bytes, from, target, next, literals);
      }
      next += literals;
    }

    int here = at + (Long.numberOfTrailingZeros(difference) >>> 3);
    if (difference == 0) {
      long more = 0;
      while (here <= end - 8) {
        more = Copy.load(bytes, here) ^ Copy.load(bytes, here - distance);
        if (more != 0) {
          break;
        }
        here += 8;
      }
      if (more != 0) {
        here += Long.numberOfTrailingZeros(more) >>> 3;
      } else {
        while (here < end && bytes[here] == bytes[here - distance]) {
          here++;
        }
      }
    }
    final int size = here - at;

    if (distance <= NEAR && size <= NEAR_SIZE) {
      // 1 L L D D D S S | H H H H H H H H
      // 0 1 L D D D S S | H H H H H H H H
      target[next] = (byte) ((size - 1) << 5 | (distance - 1 & 7) << 2);
      target[next + 1] = (byte) ((distance - 1) >>> 3);
      this.out = next + 2;
      return here;
    }
    // 0 0 0 1 H L L L | (0)* L | D D D D D D S S | D D D D D D D D
    // 0 0 1 L L L L L | (0)* L | D D D D D D S S | D D D D D D D D
    final boolean isFar = distance > MIDDLE;
    final int back = isFar ? distance - MIDDLE : distance - 1;
    final int token = isFar ? 16 | (back & 0x4000) >>> 11 : 32;
    final int most = isFar ? FAR_SIZE : MIDDLE_SIZE;
    if (size <= most) {
      target[next++] = (byte) (token | (size - 2));
    } else {
      target[next++] = (byte) token;
      int rest = size - most;
      for (; rest > 255; rest -= 255) {
        target[next++] = 0;
      }
      target[next++] = (byte) rest;
    }
    target[next] = (byte) (back << 2);
    target[next + 1] = (byte) (back >>> 6);
    this.out = next + 2;
    return here;
  }

  @Override
  void end(byte[] bytes, int from, int size) {
    if (size > 0) {
      literals(bytes, from, size);
    }
    target[out++] = 0x11;
    target[out++] = 0;
    target[out++] = 0;
  }

  private void literals(byte[] bytes, int from, int size) {
    if (out == 0 && size <= FIRST_RUN) {
      target[out++] = (byte) (size + 17);
    } else if (size <= 3) {
      target[out - 2] |= (byte) size;
    } else if (size <= RUN) {
      target[out++] = (byte) (size - 3);
    } else {
      target[out++] = 0;
      int rest = size - RUN;
      for (; rest > 255; rest -= 255) {
        target[out++] = 0;
      }
      target[out++] = (byte) rest;
    }
    System.arraycopy(bytes, from, target, out, size);
    out += size;
  }
}
