package org.vmcore.codec;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Zstandard frames; the hand-written ones follow RFC 8878. */
class ZstdTest extends CodecContract {
  private static final String MAGIC = "28 b5 2f fd";

  ZstdTest() {
    super(Compression.ZSTD, "zstd1", "zstd19");
  }

  private void requireText(String frames, String text) throws MalformedException {
    requireGives(hex(frames), text.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void rawAndRepeatedBlocks() throws Exception {
    // Single segment, content size 3 or 9; a last block, raw or of one byte (3.1.1.2).
    requireText(MAGIC + "20 03 19 00 00 61 62 63", "abc");
    requireText(MAGIC + "20 09 4b 00 00 61", "a".repeat(9));
  }

  @Test
  void framesBehindEachOther() throws Exception {
    String abc = MAGIC + "20 03 19 00 00 61 62 63";
    requireText(abc + abc, "abcabc");
    // A skippable frame between them.
    requireText(abc + "50 2a 4d 18 02 00 00 00 ff ff" + abc, "abcabc");
  }

  @Test
  void aWindowOf2GibNeedsNoMemory() throws Exception {
    requireText(MAGIC + "00 a8 19 00 00 61 62 63", "abc");
    requireMalformed(
        hex(MAGIC + "00 b0 19 00 00 61 62 63"),
        0,
        "zstd: Frame requires too much memory for decoding");
  }

  @Test
  void declaredContentSizeAboveTheRoomIsMalformed() {
    requireMalformed(
        hex(MAGIC + "20 65 19 00 00 61 62 63"), 0, "frame content size 101 is more than 100 bytes");
    requireMalformed(
        hex(MAGIC + "e0 00 00 00 00 00 00 00 10 19 00 00 61 62 63"),
        0,
        "frame content size 1152921504606846976 is more than 100 bytes");
  }

  @Test
  void otherThanTheDeclaredContentSizeIsMalformed() {
    requireMalformed(hex(MAGIC + "20 02 19 00 00 61 62 63"), 0, "zstd: Data corruption detected");
    requireMalformed(hex(MAGIC + "20 04 19 00 00 61 62 63"), 0, "zstd: Data corruption detected");
    requireMalformed(
        hex(MAGIC + "e0 00 00 00 00 00 00 00 80 19 00 00 61 62 63"),
        0,
        "zstd: Data corruption detected");
  }

  @Test
  void whatIsNoFrameIsMalformed() {
    requireMalformed(hex(""), 0, "truncated");
    requireMalformed(
        hex("28 b5 2f fc 20 03 19 00 00 61 62 63"), 0, "zstd: Unknown frame descriptor");
    requireMalformed(hex(MAGIC + "20 03 1f 00 00 61 62 63"), 0, "zstd: Data corruption detected");
    requireMalformed(hex(MAGIC + "20 03 19 00 00 61 62 63 00"), 0, "zstd: Src size is incorrect");
  }

  @Test
  void anotherChecksumIsMalformed() {
    requireMalformed(
        hex(MAGIC + "24 03 19 00 00 61 62 63 00 00 00 00"),
        0,
        "zstd: Restored data doesn't match checksum");
  }
}
