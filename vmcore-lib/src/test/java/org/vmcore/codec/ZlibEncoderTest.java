package org.vmcore.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** zlib streams that zlib makes. */
class ZlibEncoderTest {
  @Test
  void isWhatZlibMakes() throws Exception {
    try (Compressor compressor = Compressor.of(Compression.ZLIB, OptionalInt.of(9))) {
      for (String name : Samples.NAMES) {
        byte[] raw = Samples.raw(name);
        byte[] target = new byte[2 * raw.length + 64];
        int size = compressor.compress(raw, 0, raw.length, target, 0, target.length);
        assertThat(Arrays.copyOf(target, size))
            .as(name)
            .isEqualTo(Samples.compressed(name, "zlib9"));
        assertThat(compressor.compress(raw, 0, raw.length, target, 0, size)).isZero();
      }
    }
  }
}
