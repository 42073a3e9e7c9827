package org.vmcore.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Says what a file is that can't be opened, as far as its first bytes tell. */
final class UnknownFormat {
  private UnknownFormat() {}

  static String reason(MemorySegment start) {
    if (start.byteSize() == 0) {
      return "the file is empty";
    }
    byte[] bytes = start.toArray(ValueLayout.JAVA_BYTE);
    String magic = new String(bytes, StandardCharsets.ISO_8859_1);
    String kind = kind(magic);
    return kind.isEmpty()
        ? "not a dump of a known format (it begins with "
            + HexFormat.ofDelimiter(" ").formatHex(Arrays.copyOf(bytes, Math.min(8, bytes.length)))
            + "): ELF, kdump-compressed and LiME files can be read, raw memory with --ram-map"
        : kind + " can't be read";
  }

  private static String kind(String magic) {
    if (magic.startsWith("AVML")) {
      return "AVML's compressed memory image (avml-convert makes a LiME image of it)";
    }
    if (magic.startsWith("\u001f\u008b")) {
      return "a gzip file";
    }
    return magic.startsWith("(\u00b5/\u00fd") ? "a zstd file" : "";
  }
}
