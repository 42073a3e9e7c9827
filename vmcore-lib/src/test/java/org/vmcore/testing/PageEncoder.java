package org.vmcore.testing;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.Deflater;
import org.vmcore.convert.PageCompression;

/**
 * Encodes pages. Only zlib makes them smaller: in the other formats' streams the page stands as it
 * is, in literals, which is a stream like any other to a reader.
 */
final class PageEncoder {
  private PageEncoder() {}

  static byte[] encode(byte[] page, PageCompression how) {
    return switch (how) {
      case NONE -> page.clone();
      case ZLIB -> zlib(page);
      case LZO -> lzo(page);
      case SNAPPY -> snappy(page);
      case ZSTD -> zstd(page);
    };
  }

  /** Its bit in a page descriptor's flags (makedumpfile's DUMP_DH_COMPRESSED_*). */
  static int flag(PageCompression how) {
    return switch (how) {
      case NONE -> 0;
      case ZLIB -> 1;
      case LZO -> 2;
      case SNAPPY -> 4;
      case ZSTD -> 0x20;
    };
  }

  private static byte[] zlib(byte[] page) {
    try (Deflater deflater = new Deflater(Deflater.BEST_SPEED)) {
      deflater.setInput(page);
      deflater.finish();
      byte[] out = new byte[page.length + 64];
      return Arrays.copyOf(out, deflater.deflate(out));
    }
  }

  /** A run of literals, then a match that ends the stream (Linux' lzo.rst). */
  private static byte[] lzo(byte[] page) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0);
    int rest = page.length - 18;
    for (; rest > 255; rest -= 255) {
      out.write(0);
    }
    out.write(rest);
    out.writeBytes(page);
    out.writeBytes(new byte[] {0x11, 0, 0});
    return out.toByteArray();
  }

  /** The size, then literals (Snappy's format_description.txt). */
  private static byte[] snappy(byte[] page) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int size = page.length;
    for (; size > 0x7f; size >>>= 7) {
      out.write((size & 0x7f) | 0x80);
    }
    out.write(size);
    out.writeBytes(new byte[] {(byte) (62 << 2), (byte) (page.length - 1)});
    out.write((page.length - 1) >>> 8);
    out.write((page.length - 1) >>> 16);
    out.writeBytes(page);
    return out.toByteArray();
  }

  /** A frame of one raw block (RFC 8878). */
  private static byte[] zstd(byte[] page) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd});
    out.write(0xa0); // a single segment, its size in 4 bytes
    for (int shift = 0; shift < 32; shift += 8) {
      out.write(page.length >>> shift);
    }
    int block = page.length << 3 | 1;
    out.write(block);
    out.write(block >>> 8);
    out.write(block >>> 16);
    out.writeBytes(page);
    return out.toByteArray();
  }
}
