package org.vmcore.samples;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.Deflater;
import org.vmcore.codec.Compression;
import org.vmcore.testing.Flattened;
import org.vmcore.testing.KdumpBuilder;

/**
 * The same memory as kdump-compressed dumps of every codec, flattened and as LiME. Its pages are of
 * the kinds that a kernel's are: code, tables of pointers, text, words of few values, zeros.
 */
final class PackedSamples {
  /** The first page frame, and how many there are. */
  static final long FIRST = 1;

  static final int COUNT = 32;

  private static final int PAGE = 4096;

  private PackedSamples() {}

  /** The samples by file name. */
  static Map<String, byte[]> all() {
    Map<String, byte[]> all = new LinkedHashMap<>();
    all.put("zlib.kdump", kdump(Compression.ZLIB));
    all.put("lzo.kdump", kdump(Compression.LZO1X));
    all.put("snappy.kdump", kdump(Compression.SNAPPY));
    all.put("zstd.kdump", kdump(Compression.ZSTD));
    all.put("flattened.kdump", Flattened.of(kdump(Compression.LZO1X), 3 * PAGE));
    all.put("memory.lime", lime());
    all.put("iomem", iomem());
    return all;
  }

  private static byte[] kdump(Compression how) {
    KdumpBuilder dump =
        KdumpBuilder.le64().vmcoreinfo("OSRELEASE=6.1.0-sample-amd64", "PAGESIZE=4096");
    for (int i = 0; i < COUNT; i++) {
      dump.stored(FIRST + i, encode(page(i), how), how);
    }
    return dump.excluded(FIRST + COUNT, FIRST + COUNT + 1).build();
  }

  private static byte[] encode(byte[] page, Compression how) {
    return switch (how) {
      case RAW -> page;
      case ZLIB -> zlib(page);
      case LZO1X -> LzoEncoder.encode(page);
      case SNAPPY -> SnappyEncoder.encode(page);
      case ZSTD -> Zstd.compress(page, 1);
    };
  }

  private static byte[] zlib(byte[] page) {
    try (Deflater deflater = new Deflater(Deflater.BEST_SPEED)) {
      deflater.setInput(page);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] piece = new byte[2 * PAGE];
      out.write(piece, 0, deflater.deflate(piece));
      return out.toByteArray();
    }
  }

  private static byte[] lime() {
    ByteBuffer file = ByteBuffer.allocate(32 + COUNT * PAGE).order(ByteOrder.LITTLE_ENDIAN);
    file.putInt(0x4c69_4d45).putInt(1).putLong(FIRST * PAGE);
    file.putLong((FIRST + COUNT) * PAGE - 1).putLong(0);
    for (int i = 0; i < COUNT; i++) {
      file.put(page(i));
    }
    return file.array();
  }

  /** The /proc/iomem of a machine of 64 MiB. */
  private static byte[] iomem() {
    String lines =
        """
        00001000-0009ffff : System RAM
        00100000-03ffffff : System RAM
          01000000-01ffffff : Kernel code
          02000000-02ffffff : Crash kernel
        """;
    return lines.getBytes(StandardCharsets.US_ASCII);
  }

  /** Page {@code index} of the memory. */
  static byte[] page(int index) {
    ByteBuffer page = ByteBuffer.allocate(PAGE).order(ByteOrder.LITTLE_ENDIAN);
    long random = index + 1L;
    while (page.remaining() >= Long.BYTES) {
      random = random * 0x5851_f42d_4c95_7f2dL + 0x1405_7b7e_f767_814fL;
      int draw = (int) (random >>> 40);
      switch (index % 5) {
        case 0 -> code(page, draw);
        case 1 -> page.putLong(0xffff_8880_0000_0000L + (draw & 0x3fff) * 64L);
        case 2 -> text(page, draw);
        case 3 -> page.putLong((draw & 7) == 0 ? draw & 0xff : 0);
        default -> page.putLong(0);
      }
    }
    return page.array();
  }

  /** A few instructions with their operands, in any order. */
  private static void code(ByteBuffer page, int draw) {
    int[] opcodes = {0x48_8b_45, 0x48_89_e5, 0xe8_00_00, 0x0f_1f_44, 0x41_54_55, 0x31_c0_c3};
    page.putInt((opcodes[draw % opcodes.length] << 8) | ((draw >>> 4) & 0xf));
    page.putInt((draw & 3) == 0 ? draw : 0x0000_ff48);
  }

  private static void text(ByteBuffer page, int draw) {
    String[] words = {"pci 0000:", "usb 1-1: ", "[drm] in", "EXT4-fs ", "systemd[", "audit: t"};
    byte[] word = words[draw % words.length].getBytes(StandardCharsets.US_ASCII);
    page.put(word, 0, Math.min(word.length, page.remaining()));
  }
}
