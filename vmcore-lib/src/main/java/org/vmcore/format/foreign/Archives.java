package org.vmcore.format.foreign;

import static org.vmcore.format.foreign.Signature.start;

import java.util.List;

/**
 * Archives, and files compressed in a way that isn't unpacked here. Sources: their formats'
 * descriptions, as file(1) has them.
 */
final class Archives {
  private static final int TAR_MAGIC = 257;
  private static final String UNPACK = "unpack it and give the dump that is in it";
  private static final String CPIO = "a cpio archive (an initramfs?)";

  static final List<Signature> ALL =
      List.of(
          zip("PK\3\4"),
          zip("PK\5\6"),
          zip("PK\7\b"),
          new Signature(TAR_MAGIC, "ustar", "a tar archive", UNPACK + ": `tar -xSf FILE`"),
          start("7z\274\257'\034", "a 7z archive", UNPACK + ": `7z x FILE`"),
          start("Rar!\u001a\7", "a rar archive", UNPACK + ": `unrar x FILE`"),
          start("070701", CPIO, UNPACK + ": `cpio -i < FILE`"),
          start("070702", CPIO, UNPACK + ": `cpio -i < FILE`"),
          start("070707", CPIO, UNPACK + ": `cpio -i < FILE`"),
          start("\307q", CPIO, UNPACK + ": `cpio -i < FILE`"),
          start("q\307", CPIO, UNPACK + ": `cpio -i < FILE`"),
          start("!<arch>\n", "an ar archive (a Debian package?)", UNPACK + ": `ar x FILE`"),
          start(
              "\355\u00ab\u00ee\u00db", "an RPM package", UNPACK + ": `rpm2cpio FILE | cpio -id`"),
          start("MSCF", "a cabinet archive", UNPACK + ": `cabextract FILE`"),
          start("hsqs", "a squashfs image", UNPACK + ": `unsquashfs FILE`"),
          start("\u0089LZO\0\r\n\u001a\n", "an lzop file", UNPACK + ": `lzop -d FILE`"),
          start("LZIP", "an lzip file", UNPACK + ": `lzip -d FILE`"),
          start("LRZI", "an lrzip file", UNPACK + ": `lrzip -d FILE`"),
          start("\u001f\u009d", "a file of compress", UNPACK + ": `uncompress FILE.Z`"),
          start("]\0\0", "an lzma file", UNPACK + ": `unlzma FILE`"),
          start("\377\6\0\0sNaPpY", "a snappy stream", UNPACK + ": `snzip -d FILE`"));

  private Archives() {}

  private static Signature zip(String magic) {
    return start(magic, "a zip archive", UNPACK + ": `unzip FILE`");
  }
}
