package org.vmcore.samples;

import java.io.ByteArrayOutputStream;

/** Encodes a page as Snappy: literals, and copies with offsets of 11 and of 16 bits. */
final class SnappyEncoder {
  private static final int LONGEST = 64;
  private static final int LITERAL_IN_TAG = 60;

  private final byte[] page;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private SnappyEncoder(byte[] page) {
    this.page = page;
  }

  static byte[] encode(byte[] page) {
    return new SnappyEncoder(page).all();
  }

  private byte[] all() {
    int length = page.length;
    for (; length > 0x7f; length >>>= 7) {
      out.write((length & 0x7f) | 0x80);
    }
    out.write(length);
    int rest = new Matches(page).forEach(LONGEST, this::token);
    literals(rest, page.length);
    return out.toByteArray();
  }

  private void token(int from, int to, int length, int distance) {
    literals(from, to);
    if (length <= 11 && distance < 0x800) {
      out.write(1 | ((length - 4) << 2) | ((distance >>> 8) << 5));
      out.write(distance);
    } else {
      out.write(2 | ((length - 1) << 2));
      out.write(distance);
      out.write(distance >>> 8);
    }
  }

  private void literals(int from, int to) {
    int count = to - from;
    if (count == 0) {
      return;
    }
    if (count <= LITERAL_IN_TAG) {
      out.write((count - 1) << 2);
    } else {
      out.write(61 << 2);
      out.write(count - 1);
      out.write((count - 1) >>> 8);
    }
    out.write(page, from, count);
  }
}
