package org.vmcore.samples;

import java.io.ByteArrayOutputStream;

/**
 * Encodes a page as LZO1X: literal runs, and matches of the forms M2 (3 to 8 bytes, at most 2 KiB
 * back) and M3 (at most 16 KiB back), as Documentation/staging/lzo.rst of Linux has them.
 */
final class LzoEncoder {
  private static final int M2_LONGEST = 8;
  private static final int M2_FARTHEST = 0x800;
  private static final int LONGEST = 1 << 12;

  private final byte[] page;
  private final byte[] out;
  private int size;

  /** The byte whose low two bits tell how many literals follow a match; none at first. */
  private int trailing = -1;

  private LzoEncoder(byte[] page) {
    this.page = page;
    this.out = new byte[2 * page.length + 64];
  }

  static byte[] encode(byte[] page) {
    return new LzoEncoder(page).all();
  }

  private byte[] all() {
    int rest = new Matches(page).forEach(LONGEST, this::token);
    literals(rest, page.length);
    ByteArrayOutputStream done = new ByteArrayOutputStream();
    done.write(out, 0, size);
    done.writeBytes(new byte[] {0x11, 0, 0});
    return done.toByteArray();
  }

  private void token(int from, int to, int length, int distance) {
    literals(from, to);
    int back = distance - 1;
    if (length <= M2_LONGEST && distance <= M2_FARTHEST) {
      trailing = size;
      put(((length - 1) << 5) | ((back & 7) << 2));
      put(back >>> 3);
    } else {
      run(0x20, length - 2, 0x1f);
      trailing = size;
      put(back << 2);
      put(back >>> 6);
    }
  }

  private void literals(int from, int to) {
    int count = to - from;
    if (count > 0 && count <= 3 && trailing >= 0) {
      out[trailing] |= (byte) count;
    } else if (count > 0 && trailing < 0 && count <= 238) {
      put(17 + count);
    } else if (count > 0) {
      run(0, count - 3, 0xf);
    }
    System.arraycopy(page, from, out, size, count);
    size += count;
  }

  /** A number in the low bits of a byte, or, where it is above {@code most}, 0 and what follows. */
  private void run(int code, int number, int most) {
    if (number <= most) {
      put(code | number);
      return;
    }
    put(code);
    int rest = number - most;
    for (; rest > 255; rest -= 255) {
      put(0);
    }
    put(rest);
  }

  private void put(int value) {
    out[size++] = (byte) value;
  }
}
