package org.vmcore.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Snappy blocks that are made; what their bytes mean is in Snappy's format_description.txt. */
class SnappyEncoderTest extends EncoderContract {
  SnappyEncoderTest() {
    super(Compression.SNAPPY);
  }

  private void requireBlock(String text, String block) throws MalformedException {
    assertThat(roundTrip.inAnyRoom(text.getBytes(StandardCharsets.US_ASCII)))
        .asHexString()
        .isEqualToIgnoringCase(block.replace(" ", ""));
  }

  @Test
  void nothing() throws Exception {
    requireBlock("", "00");
  }

  @Test
  void literalsAlone() throws Exception {
    requireBlock("abcd", "04 0c 61 62 63 64");
  }

  @Test
  void copies() throws Exception {
    requireBlock(
        "abcdabcdefghijklmnop", "14 0c 61 62 63 64 01 04 2c 65 66 67 68 69 6a 6b 6c 6d 6e 6f 70");
    // 64 bytes and more are several copies, none of which is shorter than 4.
    requireBlock("a".repeat(65), "41 00 61 fe 01 00");
    requireBlock("a".repeat(66), "42 00 61 ee 01 00 05 01");
    requireBlock("a".repeat(69), "45 00 61 fe 01 00 01 01");
  }
}
