package org.vmcore.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the decompression of every codec does. */
abstract class CodecContract {
  private static final int MUTATE_FULLY = 64;

  private final Decompressor decompressor = new Decompressor();
  private final Compression compression;
  private final List<String> codecs;
  private final Block block;

  CodecContract(Compression compression, String... codecs) {
    this.compression = compression;
    this.codecs = List.of(codecs);
    this.block = new Block(decompressor, compression);
  }

  /** The bytes of {@code hex} as a block of this codec. */
  static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  /** Requires that the block {@code compressed} gives the bytes {@code raw}. */
  final void requireGives(byte[] compressed, byte[] raw) throws MalformedException {
    for (int most : new int[] {raw.length, raw.length + 1, raw.length + 100}) {
      assertThat(block.padded(compressed, most)).isEqualTo(raw);
      assertThat(block.exact(compressed, most)).isEqualTo(raw);
    }
  }

  /** Requires that {@code compressed} is refused when it may give 100 bytes. */
  final void requireMalformed(byte[] compressed, int offset, String reason) {
    assertThatThrownBy(() -> block.exact(compressed, 100))
        .isInstanceOfSatisfying(
            MalformedException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(reason);
              assertThat(e.offset()).isEqualTo(offset);
            });
  }

  @AfterEach
  final void close() {
    decompressor.close();
  }

  @Test
  final void everySampleGivesItsBytes() throws Exception {
    for (String name : Samples.NAMES) {
      for (String codec : codecs) {
        requireGives(Samples.compressed(name, codec), Samples.raw(name));
      }
    }
  }

  @Test
  final void aByteLessRoomIsTooLittle() throws Exception {
    for (String name : Samples.NAMES) {
      int most = Samples.raw(name).length - 1;
      for (String codec : codecs) {
        byte[] compressed = Samples.compressed(name, codec);
        assertThatThrownBy(() -> block.padded(compressed, most))
            .as("%s.%s", name, codec)
            .isInstanceOf(MalformedException.class);
      }
    }
  }

  @Test
  final void everyTruncationIsMalformed() throws Exception {
    for (String name : Samples.NAMES) {
      int most = Samples.raw(name).length;
      for (String codec : codecs) {
        byte[] compressed = Samples.compressed(name, codec);
        for (int size = 0; size < compressed.length; size++) {
          byte[] truncated = Arrays.copyOf(compressed, size);
          assertThatThrownBy(() -> block.exact(truncated, most))
              .as("%s bytes of %s.%s", size, name, codec)
              .isInstanceOf(MalformedException.class);
        }
      }
    }
  }

  @Test
  @Tag("slow")
  final void aMutatedByteIsMalformedOrGivesOtherBytes() throws Exception {
    int malformed = 0;
    for (String name : Samples.NAMES) {
      int most = Samples.raw(name).length;
      for (String codec : codecs) {
        byte[] compressed = Samples.compressed(name, codec);
        for (int at = 0; at < compressed.length; at++) {
          malformed += mutations(compressed, at, most);
        }
      }
    }
    assertThat(malformed).isPositive();
  }

  /** Every other value of a byte of a short block; of a long one each of its bits the other way. */
  private int mutations(byte[] compressed, int at, int most) {
    byte good = compressed[at];
    int malformed = 0;
    for (int change = 1; change < 256; change++) {
      if (compressed.length <= MUTATE_FULLY || Integer.bitCount(change) == 1) {
        compressed[at] = (byte) (good ^ change);
        try {
          block.exact(compressed, most);
          block.padded(compressed, most);
        } catch (MalformedException e) {
          malformed++;
        }
      }
    }
    compressed[at] = good;
    return malformed;
  }

  @Test
  final void aMalformedBlockLeavesNoTraceInTheNext() throws Exception {
    byte[] good = Samples.compressed("page", codecs.getFirst());
    byte[] bad = Arrays.copyOf(good, good.length / 2);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> block.exact(bad, 4096)).isInstanceOf(MalformedException.class);
      assertThat(block.exact(good, 4096)).isEqualTo(Samples.raw("page"));
    }
  }

  @Test
  final void rangesOutsideOfTheirArraysAreRefused() throws IOException {
    byte[] good = Samples.compressed("byte", codecs.getFirst());
    int length = good.length;
    byte[] target = new byte[8];
    for (int[] range :
        new int[][] {
          {-1, length, 0, 8}, {1, length, 0, 8}, {0, -1, 0, 8}, {0, length + 1, 0, 8},
          {0, length, -1, 8}, {0, length, 1, 8}, {0, length, 0, -1}, {0, length, 0, 9},
          {Integer.MAX_VALUE, length, 0, 8}, {0, length, Integer.MAX_VALUE, 8},
        }) {
      assertThatThrownBy(
              () ->
                  decompressor.decompress(
                      compression, good, range[0], range[1], target, range[2], range[3]))
          .as(Arrays.toString(range))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  final void onceClosedNothingIsDecompressed() throws Exception {
    byte[] good = Samples.compressed("byte", codecs.getFirst());
    assertThat(block.exact(good, 1)).hasSize(1);
    decompressor.close();
    decompressor.close();
    assertThatThrownBy(() -> block.exact(good, 1)).isInstanceOf(IllegalStateException.class);
  }
}
