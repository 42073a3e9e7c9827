package org.vmcore.codec;

/**
 * Makes raw Snappy blocks: of all places that may match the one that was seen last is looked at.
 *
 * <p>Source: Snappy's format_description.txt, and FORMATS.md, 137; see {@link Snappy}. A copy has 4
 * bytes at least, and none reaches farther back than 2 bytes can tell.
 */
final class SnappyEncoder extends MatchEncoder {
  /** How far back a copy reaches that has one byte of it in the tag, and its size. */
  private static final int NEAR = 0x7ff;

  private static final int NEAR_SIZE = 11;

  /** How far back a copy reaches that has two bytes for it, and its size. */
  private static final int FAR = 0xffff;

  private static final int COPY_SIZE = 64;

  /** The most literals whose number fits in the tag. */
  private static final int RUN = 60;

  /** Literals that begin a block. */
  private static final int FIRST_LITERALS = 1;

  SnappyEncoder() {
    super(FIRST_LITERALS, FAR);
  }

  @Override
  void begin(int size) {
    // 1 X X X X X X X | ... | 0 X X X X X X X     the size, its lowest 7 bits first
    int rest = size;
    for (; rest >= 0x80; rest >>>= 7) {
      target[out++] = (byte) (rest | 0x80);
    }
    target[out++] = (byte) rest;
  }

  @Override
  int sequence(byte[] bytes, int from, int at, int distance, long difference, int end) {
    final byte[] target = this.target;
    int next = this.out;
    final int literals = at - from;
    if (literals > 0) {
      // L L L L L L 0 0 | (L)*     literals: L + 1; from 60 on L has 1 to 4 bytes of its own
      if (literals <= FEW) {
        target[next++] = (byte) ((literals - 1) << 2);
        Copy.eight(bytes, from, target, next);
        Copy.eight(bytes, from + 8, target, next + 8);
      } else {
        final int tagAt = next++;
        int tag = literals - 1;
        if (literals > RUN) {
          tag = RUN - 1;
          for (int rest = literals - 1; rest != 0; rest >>>= 8) {
            target[next++] = (byte) rest;
            tag++;
          }
        }
        target[tagAt] = (byte) (tag << 2);
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
    int rest = here - at;
    // What is left is at least 4: that many a short copy has.
    while (rest > COPY_SIZE) {
      final int part = rest >= COPY_SIZE + 4 ? COPY_SIZE : RUN;
      target[next] = (byte) ((part - 1) << 2 | 2);
      target[next + 1] = (byte) distance;
      target[next + 2] = (byte) (distance >>> 8);
      next += 3;
      rest -= part;
    }
    if (rest <= NEAR_SIZE && distance <= NEAR) {
      // D D D L L L 0 1 | D D D D D D D D     high bits first
      target[next] = (byte) ((distance >>> 8) << 5 | (rest - 4) << 2 | 1);
      target[next + 1] = (byte) distance;
      this.out = next + 2;
      return here;
    }
    // L L L L L L 1 0 | D D D D D D D D (2)
    target[next] = (byte) ((rest - 1) << 2 | 2);
    target[next + 1] = (byte) distance;
    target[next + 2] = (byte) (distance >>> 8);
    this.out = next + 3;
    return here;
  }

  @Override
  void end(byte[] bytes, int from, int size) {
    if (size == 0) {
      return;
    }
    final int tagAt = out++;
    int tag = size - 1;
    if (size > RUN) {
      tag = RUN - 1;
      for (int rest = size - 1; rest != 0; rest >>>= 8) {
        target[out++] = (byte) rest;
        tag++;
      }
    }
    target[tagAt] = (byte) (tag << 2);
    System.arraycopy(bytes, from, target, out, size);
    out += size;
  }
}
