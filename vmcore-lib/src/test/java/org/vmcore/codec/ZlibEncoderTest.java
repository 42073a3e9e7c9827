package org.vmcore.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** zlib streams that are made. */
class ZlibEncoderTest extends EncoderContract {
  ZlibEncoderTest() {
    super(Compression.ZLIB);
  }

  @Test
  void isWhatZlibMakes() throws Exception {
    for (String name : Samples.NAMES) {
      assertThat(roundTrip.of(Samples.raw(name))).isEqualTo(Samples.compressed(name, "zlib1"));
    }
  }
}
