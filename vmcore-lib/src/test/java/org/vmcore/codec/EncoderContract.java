package org.vmcore.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the compression of every codec does. */
abstract class EncoderContract {
  /** Around where a form of LZO1X's or Snappy's matches, or the window of zlib, ends. */
  private static final int[] DISTANCES = {
    1, 2, 3, 4, 7, 8, 9, 16, 255, 256, 1024, 2047, 2048, 2049, 3071, 3072, 3073, 4095, 4096, 16383,
    16384, 16385, 16386, 32768, 32769, 49150, 49151, 49152, 49153, 65535, 65536, 65537,
  };

  private static final int[] SIZES = {
    3, 4, 5, 7, 8, 9, 10, 11, 12, 32, 33, 34, 35, 59, 60, 61, 63, 64, 65, 67, 68, 69, 128, 257, 258,
    259, 264, 265, 287, 288, 289, 290, 520, 543, 544,
  };

  final Compressor compressor;
  private final Decompressor decompressor = new Decompressor();
  final RoundTrip roundTrip;

  EncoderContract(Compression compression) {
    compressor = Compressor.of(compression, OptionalInt.empty());
    roundTrip = new RoundTrip(compressor, decompressor, compression);
  }

  @AfterEach
  final void close() {
    compressor.close();
    decompressor.close();
  }

  @Test
  final void everySampleGivesItsBytesAgain() throws Exception {
    for (String name : Samples.NAMES) {
      roundTrip.inAnyRoom(Samples.raw(name));
    }
  }

  @Test
  final void everySizeOfEveryKind() throws MalformedException {
    for (int size = 0; size <= 300; size++) {
      for (byte[] bytes : Contents.ofSize(size)) {
        roundTrip.inAnyRoom(bytes);
      }
    }
  }

  @Test
  final void pagesOfEverySize() throws MalformedException {
    for (int size : new int[] {4095, 4096, 4097, 16384, 65536, 65537, 200_000}) {
      for (byte[] bytes : Contents.ofSize(size)) {
        roundTrip.inAnyRoom(bytes);
      }
    }
  }

  @Test
  final void matchesOfEveryForm() throws MalformedException {
    for (int distance : DISTANCES) {
      for (int size : SIZES) {
        roundTrip.of(Contents.match(distance, size, 40));
      }
    }
  }

  @Test
  @Tag("slow")
  final void matchesAtTheEndAndInAnyRoom() throws MalformedException {
    for (int distance : DISTANCES) {
      for (int size : SIZES) {
        for (int behind : new int[] {0, 1, 3, 4, 7, 8, 18, 19}) {
          roundTrip.inAnyRoom(Contents.match(distance, size, behind));
        }
      }
    }
  }

  @Test
  final void aPageOfZerosBecomesSmall() throws MalformedException {
    assertThat(roundTrip.of(new byte[4096])).hasSizeLessThan(200);
  }

  @Test
  final void whatGetsNoSmallerGivesNothing() {
    byte[] bytes = Contents.random(4096);
    assertThat(compressor.compress(bytes, 0, 4096, new byte[4096], 0, 4096)).isZero();
  }

  @Test
  final void everyRoomThereMayBe() throws MalformedException {
    for (byte[] bytes : Contents.ofSize(500)) {
      int size = roundTrip.of(bytes).length;
      byte[] target = new byte[size + 60];
      for (int limit = 0; limit <= size + 50; limit++) {
        Arrays.fill(target, limit, target.length, (byte) 0x5a);
        assertThat(compressor.compress(bytes, 0, 500, target, 0, limit))
            .isEqualTo(limit > size ? size : 0);
        for (int i = limit; i < target.length; i++) {
          assertThat(target[i]).isEqualTo((byte) 0x5a);
        }
      }
    }
  }

  @Test
  final void rangesOutsideOfTheirArraysAreRefused() {
    byte[] source = new byte[20];
    byte[] target = new byte[100];
    for (int[] range :
        new int[][] {
          {-1, 20, 0, 100}, {1, 20, 0, 100}, {0, -1, 0, 100}, {0, 21, 0, 100},
          {0, 20, -1, 100}, {0, 20, 1, 100}, {0, 20, 0, -1}, {0, 20, 0, 101},
          {Integer.MAX_VALUE, 20, 0, 100}, {0, 20, Integer.MAX_VALUE, 100},
        }) {
      assertThatThrownBy(
              () -> compressor.compress(source, range[0], range[1], target, range[2], range[3]))
          .as(Arrays.toString(range))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  final void onceClosedNothingIsCompressed() {
    byte[] bytes = new byte[100];
    assertThat(compressor.compress(bytes, 0, 100, new byte[100], 0, 100)).isPositive();
    compressor.close();
    compressor.close();
    assertThatThrownBy(() -> compressor.compress(bytes, 0, 100, new byte[100], 0, 100))
        .isInstanceOf(IllegalStateException.class);
  }
}
