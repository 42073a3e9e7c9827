package org.vmcore.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import org.junit.jupiter.api.Test;

/** Zstandard frames that are made. */
class ZstdEncoderTest extends EncoderContract {
  ZstdEncoderTest() {
    super(Compression.ZSTD);
  }

  @Test
  void framesHaveTheirSizeAndNoChecksum() throws Exception {
    byte[] frame = roundTrip.of(Samples.raw("page"));
    assertThat(Zstd.getFrameContentSize(frame)).isEqualTo(4096);
    // Frame_Header_Descriptor: bit 2 is the checksum's.
    assertThat(frame[4] & 4).isZero();
  }
}
