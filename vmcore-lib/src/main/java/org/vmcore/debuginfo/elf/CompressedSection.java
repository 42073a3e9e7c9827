package org.vmcore.debuginfo.elf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.Deflater;

/** A section behind an Elf64_Chdr, compressed by zlib (System V ABI, chapter 4). */
final class CompressedSection {
  private static final int HEADER = 24;
  private static final int ELFCOMPRESS_ZLIB = 1;

  /** What more hardly makes smaller takes three times as long. */
  private static final int LEVEL = 3;

  private CompressedSection() {}

  /** A section that isn't in memory, of {@code bytes}. */
  static FilePart part(String name, ByteBuffer bytes, ByteOrder order) {
    ByteBuffer packed = packed(bytes, order);
    return new FilePart(
        name,
        SectionHeader.PROGBITS,
        SectionHeader.COMPRESSED,
        0,
        packed.remaining(),
        0,
        0,
        Long.BYTES,
        0,
        out -> out.write(packed.duplicate()));
  }

  private static ByteBuffer packed(ByteBuffer bytes, ByteOrder order) {
    byte[] out = new byte[HEADER + Math.max(64, bytes.remaining() / 2)];
    int size = HEADER;
    try (Deflater deflater = new Deflater(LEVEL)) {
      deflater.setInput(bytes.duplicate());
      deflater.finish();
      while (!deflater.finished()) {
        out = size == out.length ? Arrays.copyOf(out, 2 * size) : out;
        size += deflater.deflate(out, size, out.length - size);
      }
    }
    ByteBuffer packed = ByteBuffer.wrap(out, 0, size).order(order);
    packed.putInt(0, ELFCOMPRESS_ZLIB).putLong(8, bytes.remaining()).putLong(16, 1);
    return packed;
  }
}
