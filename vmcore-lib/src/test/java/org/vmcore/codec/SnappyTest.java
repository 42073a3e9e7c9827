package org.vmcore.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Raw Snappy blocks; the hand-written ones follow Snappy's format_description.txt. */
class SnappyTest extends CodecContract {
  private static final String TOO_SHORT = "the input ends in an element";
  private static final String TOO_LONG = "more output than the decompressed size";

  SnappyTest() {
    super(Compression.SNAPPY, "snappy");
  }

  private void requireText(String block, String text) throws MalformedException {
    requireGives(hex(block), text.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void nothing() throws Exception {
    requireText("00", "");
  }

  @Test
  void decompressedSizeIsAVarint() throws Exception {
    requireText("04 0c 61 62 63 64", "abcd");
    // As the description has it, also longer than needed.
    requireText("84 80 80 80 00 0c 61 62 63 64", "abcd");
    requireText(
        "ac 02 f0 c7" + " 61".repeat(200) + " f0 63" + " 62".repeat(100),
        "a".repeat(200) + "b".repeat(100));
  }

  @Test
  void literalsWithTheirSizeInTheTag() throws Exception {
    for (int size = 1; size <= 60; size++) {
      requireText(
          "%02x %02x".formatted(size, (size - 1) << 2) + " 61".repeat(size), "a".repeat(size));
    }
  }

  @Test
  void literalsWithOneToFourBytesOfSize() throws Exception {
    requireText("3d f0 3c" + " 61".repeat(61), "a".repeat(61));
    requireText("03 f4 02 00 61 62 63", "abc");
    requireText("03 f8 02 00 00 61 62 63", "abc");
    requireText("03 fc 02 00 00 00 61 62 63", "abc");
    requireText("80 08 f4 ff 03" + " 61".repeat(1024), "a".repeat(1024));
  }

  @Test
  void copyWithOneByteOfOffset() throws Exception {
    // D D D L L L 0 1 | D: 4 to 11 bytes
    requireText("08 0c 61 62 63 64 01 04", "abcdabcd");
    requireText("0f 0c 61 62 63 64 1d 04", "abcdabcdabcdabc");
    requireGives(far(1 << 8, "21 00", 4), farBytes(1 << 8, 4));
  }

  @Test
  void copyWithTwoBytesOfOffset() throws Exception {
    requireText("05 0c 61 62 63 64 02 04 00", "abcda");
    requireText("44 0c 61 62 63 64 fe 04 00", "abcd".repeat(17));
    requireGives(far(0x1234, "1e 34 12", 8), farBytes(0x1234, 8));
  }

  @Test
  void copyWithFourBytesOfOffset() throws Exception {
    requireText("05 0c 61 62 63 64 03 04 00 00 00", "abcda");
    requireGives(far(0x12345, "1f 45 23 01 00", 8), farBytes(0x12345, 8));
  }

  /** {@code distance} literals that count, and a copy of as many bytes back. */
  private static byte[] far(int distance, String copy, int copied) {
    byte[] literals = farBytes(distance, 0);
    int all = distance + copied;
    String size =
        "%02x%02x%02x".formatted((all & 0x7f) | 0x80, ((all >> 7) & 0x7f) | 0x80, all >> 14);
    int last = distance - 1;
    String tag = "f8%02x%02x%02x".formatted(last & 0xff, last >> 8 & 0xff, last >> 16);
    return hex(size + tag + HexFormat.of().formatHex(literals) + copy);
  }

  private static byte[] farBytes(int distance, int copied) {
    byte[] bytes = new byte[distance + copied];
    for (int i = 0; i < bytes.length; i++) {
      int of = i % distance;
      bytes[i] = (byte) (of * 7 + of / 256);
    }
    return bytes;
  }

  @Test
  void overlappingCopyRepeatsTheBytesBetween() throws Exception {
    for (int distance = 1; distance <= 9; distance++) {
      String bytes = "abcdefghi".substring(0, distance);
      for (int size = 1; size <= 64; size++) {
        String copied = bytes.repeat(65).substring(0, distance + size);
        String elements =
            "%02x %s %02x %02x 00"
                .formatted((distance - 1) << 2, hexOf(bytes), (size - 1) << 2 | 2, distance);
        requireText("%02x".formatted(distance + size) + elements, copied);
        requireText(
            "80 01"
                + elements
                + " f0"
                + "%02x".formatted(127 - distance - size)
                + " 7a".repeat(128 - distance - size),
            copied + "z".repeat(128 - distance - size));
      }
    }
  }

  private static String hexOf(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void decompressedSizeThatIsNoneIsMalformed() {
    requireMalformed(hex(""), 0, TOO_SHORT);
    requireMalformed(hex("80"), 0, TOO_SHORT);
    requireMalformed(hex("80 80 80 80 80 00"), 0, "decompressed size in more than 5 bytes");
  }

  @Test
  void decompressedSizeAboveTheRoomIsMalformed() {
    requireMalformed(hex("65 00"), 0, "decompressed size 101 is more than 100 bytes");
    requireMalformed(
        hex("ff ff ff ff 0f 00"), 0, "decompressed size 4294967295 is more than 100 bytes");
    requireMalformed(
        hex("80 80 80 80 7f 00"), 0, "decompressed size 34091302912 is more than 100 bytes");
  }

  @Test
  void otherThanTheDecompressedSizeIsMalformed() {
    requireMalformed(hex("05 0c 61 62 63 64"), 6, "1 bytes less than the decompressed size");
    requireMalformed(hex("03 0c 61 62 63 64"), 1, TOO_LONG);
    requireMalformed(hex("07 0c 61 62 63 64 01 04"), 6, TOO_LONG);
    requireMalformed(hex("00 00 61"), 1, TOO_LONG);
  }

  @Test
  void whatIsMissingIsMalformed() {
    requireMalformed(hex("04 0c 61 62 63"), 1, TOO_SHORT);
    requireMalformed(hex("04 f0"), 1, TOO_SHORT);
    requireMalformed(hex("04 fc 02 00 00"), 1, TOO_SHORT);
    requireMalformed(hex("04 fc ff ff ff ff 61"), 1, TOO_SHORT);
    requireMalformed(hex("08 0c 61 62 63 64 01"), 6, TOO_SHORT);
    requireMalformed(hex("08 0c 61 62 63 64 02 04"), 6, TOO_SHORT);
    requireMalformed(hex("08 0c 61 62 63 64 03 04 00 00"), 6, TOO_SHORT);
  }

  @Test
  void copyOfNothingOrBeforeTheFirstByteIsMalformed() {
    String many = " 00".repeat(60);
    for (String rest : new String[] {"", many}) {
      String start = "64 0c 61 62 63 64 ";
      requireMalformed(hex(start + "01 00" + rest), 6, "copy 0 bytes back");
      requireMalformed(hex(start + "01 05" + rest), 6, "copy 5 bytes back, before the first");
      requireMalformed(hex(start + "02 00 00" + rest), 6, "copy 0 bytes back");
      requireMalformed(hex(start + "02 09 00" + rest), 6, "copy 9 bytes back, before the first");
      requireMalformed(
          hex(start + "03 ff ff ff ff" + rest), 6, "copy 4294967295 bytes back, before the first");
    }
    requireMalformed(hex("04 01 01"), 1, "copy 1 bytes back, before the first");
  }

  @Test
  void aLongRunEndsWithTheInput() {
    byte[] block = hex("64 f0 63" + " 61".repeat(100));
    requireMalformed(Arrays.copyOf(block, block.length - 1), 1, TOO_SHORT);
  }
}
