package org.vmcore.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What is common to all codecs. */
class CompressorTest {
  private static int size(Compression compression, OptionalInt level, byte[] bytes) {
    try (Compressor compressor = Compressor.of(compression, level)) {
      return compressor.compress(bytes, 0, bytes.length, new byte[1 << 14], 0, 1 << 14);
    }
  }

  @Test
  void rawBytesAreCopied() {
    byte[] target = new byte[6];
    try (Compressor compressor = Compressor.of(Compression.RAW, OptionalInt.empty())) {
      byte[] source = {1, 2, 3, 4, 5};
      assertThat(compressor.compress(source, 1, 3, target, 2, 4)).isEqualTo(3);
      assertThat(target).containsExactly(0, 0, 2, 3, 4, 0);
      assertThat(compressor.compress(source, 1, 3, target, 2, 3)).isZero();
    }
  }

  @Test
  void levels() throws Exception {
    byte[] page = Samples.raw("page");
    for (Compression compression : new Compression[] {Compression.ZLIB, Compression.ZSTD}) {
      int fast = size(compression, OptionalInt.of(1), page);
      assertThat(size(compression, OptionalInt.empty(), page)).isEqualTo(fast);
      assertThat(size(compression, OptionalInt.of(9), page)).isLessThan(fast);
    }
    assertThat(size(Compression.ZSTD, OptionalInt.of(-5), page))
        .isGreaterThan(size(Compression.ZSTD, OptionalInt.of(1), page));
    assertThat(size(Compression.ZLIB, OptionalInt.of(0), page)).isGreaterThan(4096);
  }

  @Test
  void levelsThatDoNotExist() {
    for (int level : new int[] {-1, 10}) {
      assertThatThrownBy(() -> Compressor.of(Compression.ZLIB, OptionalInt.of(level)))
          .isInstanceOf(IllegalArgumentException.class);
    }
    for (int level : new int[] {Integer.MIN_VALUE, 23}) {
      assertThatThrownBy(() -> Compressor.of(Compression.ZSTD, OptionalInt.of(level)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void whatBlocksBeforeHadLeavesNoTrace() throws Exception {
    byte[] page = Samples.raw("page");
    for (Compression compression : Compression.values()) {
      try (Compressor compressor = Compressor.of(compression, OptionalInt.empty())) {
        byte[] first = new byte[8192];
        byte[] again = new byte[8192];
        int size = compressor.compress(page, 0, 4096, first, 0, 8192);
        compressor.compress(Contents.random(5000), 0, 5000, again, 0, 8192);
        compressor.compress(page, 1, 4095, again, 0, 100);
        assertThat(compressor.compress(page, 0, 4096, again, 0, 8192)).isEqualTo(size);
        assertThat(Arrays.mismatch(first, 0, size, again, 0, size)).isEqualTo(-1);
      }
    }
  }
}
