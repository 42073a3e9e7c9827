package org.vmcore.codec;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** zlib streams (RFC 1950). */
class ZlibTest extends CodecContract {
  /** "a" in a stored block of deflate (RFC 1951, 3.2.4) with its Adler-32. */
  private static final String A = " 01 01 00 fe ff 61 00 62 00 62";

  ZlibTest() {
    super(Compression.ZLIB, "zlib1", "zlib9");
  }

  @Test
  void everyLevelAndWindowInTheHeaderIsTaken() throws Exception {
    byte[] a = "a".getBytes(StandardCharsets.US_ASCII);
    for (String header : new String[] {"78 01", "78 5e", "78 9c", "78 da", "08 1d", "68 81"}) {
      requireGives(hex(header + A), a);
    }
  }

  @Test
  void bytesBehindTheStreamAreIgnored() throws Exception {
    requireGives(hex("78 01" + A + " 00 ff 78"), "a".getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void emptyBlocksBehindAFullTargetAreNoOutput() throws Exception {
    requireGives(
        hex("78 01 00 01 00 fe ff 61 00 00 00 ff ff 01 00 00 ff ff 00 62 00 62"),
        "a".getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void anotherHeaderIsMalformed() {
    requireMalformed(hex("79 00" + A), 0, "CMF 0x79 is not zlib's");
    requireMalformed(hex("88 1c" + A), 0, "CMF 0x88 is not zlib's");
    requireMalformed(hex("78 02" + A), 1, "FCHECK does not match");
    requireMalformed(hex("78 20" + A), 1, "FDICT is set");
  }

  @Test
  void anotherSumIsMalformed() {
    requireMalformed(hex("78 01 01 01 00 fe ff 61 00 62 00 63"), 8, "Adler-32 does not match");
    requireMalformed(hex("78 01 01 01 00 fe ff 61 80 62 00 62"), 8, "Adler-32 does not match");
  }

  @Test
  void aMissingSumIsMalformed() {
    requireMalformed(hex("78 01 01 01 00 fe ff 61 00 62 00"), 11, "truncated");
    requireMalformed(hex("78 01 01 01 00 fe ff 61"), 8, "truncated");
  }

  @Test
  void malformedDeflateIsMalformed() {
    requireMalformed(hex("78 01 07"), 3, "zlib: invalid block type");
  }

  @Test
  void aMutatedByteNeverGivesOtherBytes() throws Exception {
    byte[] raw = Samples.raw("text");
    byte[] compressed = Samples.compressed("text", "zlib1");
    try (Decompressor decompressor = new Decompressor()) {
      Block block = new Block(decompressor, Compression.ZLIB);
      for (int at = 2; at < compressed.length; at++) {
        byte[] bad = compressed.clone();
        bad[at] ^= 0x10;
        assertThatThrownBy(
                () -> {
                  if (Arrays.equals(block.exact(bad, raw.length), raw)) {
                    throw new MalformedException(0, "the same bytes");
                  }
                })
            .isInstanceOf(MalformedException.class);
      }
    }
  }
}
