package org.vmcore.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/**
 * LZO1X streams that are made; what their bytes mean is in Linux' Documentation/staging/lzo.rst.
 */
class Lzo1xEncoderTest extends EncoderContract {
  Lzo1xEncoderTest() {
    super(Compression.LZO1X);
  }

  private void requireStream(String text, String stream) throws MalformedException {
    assertThat(roundTrip.inAnyRoom(text.getBytes(StandardCharsets.US_ASCII)))
        .asHexString()
        .isEqualToIgnoringCase(stream.replace(" ", ""));
  }

  @Test
  void nothing() throws Exception {
    requireStream("", "11 00 00");
  }

  @Test
  void literalsAlone() throws Exception {
    requireStream("a", "12 61 11 00 00");
    requireStream("abcd", "15 61 62 63 64 11 00 00");
  }

  @Test
  void nearMatches() throws Exception {
    // 4 or 8 bytes, 4 back, and 12 literals behind them.
    requireStream(
        "abcdabcdefghijklmnop",
        "15 61 62 63 64 6c 00 09 65 66 67 68 69 6a 6b 6c 6d 6e 6f 70 11 00 00");
    requireStream(
        "abcdabcdabcdefghijklmnop",
        "15 61 62 63 64 ec 00 09 65 66 67 68 69 6a 6b 6c 6d 6e 6f 70 11 00 00");
  }

  @Test
  void runOfOneByte() throws Exception {
    // 0 0 1 0 0 0 0 0 | 255 + 33 = 288 and what is left | 4 back
    requireStream("a".repeat(4 + 33), "15 61 61 61 61 3f 0c 00 11 00 00");
    requireStream("a".repeat(4 + 34), "15 61 61 61 61 20 01 0c 00 11 00 00");
    requireStream("a".repeat(4 + 288), "15 61 61 61 61 20 ff 0c 00 11 00 00");
    requireStream("a".repeat(4 + 289), "15 61 61 61 61 20 00 01 0c 00 11 00 00");
  }

  @Test
  void theFirstByteIsNeverThatOfAnotherVersion() throws Exception {
    for (int size = 1; size < 600; size++) {
      assertThat(roundTrip.of(Contents.random(size))[0]).isNotEqualTo((byte) 17);
    }
  }
}
