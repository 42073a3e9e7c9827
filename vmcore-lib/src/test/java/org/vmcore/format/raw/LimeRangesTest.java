package org.vmcore.format.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.vmcore.Vmcore;
import org.vmcore.memory.Finding.Severity;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.Reading;

/** Ranges of LiME images that overlap, are empty, out of order or padded. */
class LimeRangesTest extends RamFiles {
  /** Ranges {from, to, value}: each is filled with its value. */
  private Path filled(long[]... ranges) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (long[] range : ranges) {
      byte[] bytes = new byte[(int) (range[1] - range[0] + 1)];
      Arrays.fill(bytes, (byte) range[2]);
      out.write(header(1, range[0], range[1]));
      out.write(bytes);
    }
    return Files.write(dir.resolve("lime"), out.toByteArray());
  }

  private static byte at(Vmcore vmcore, long address) throws Exception {
    return Reading.bytes(vmcore.physical(), address, 1)[0];
  }

  @Test
  void whereRangesOverlapTheFirstIsRead() throws Exception {
    Path file =
        filled(
            new long[] {0x1000, 0x1fff, 1},
            new long[] {0x1800, 0x2fff, 2},
            new long[] {0, 0x17ff, 3},
            new long[] {0x5000, 0x5fff, 4});
    try (Vmcore vmcore = Vmcore.open(file)) {
      assertThat(segments(vmcore))
          .containsExactly("LOAD 7 0 0 0 3000 3000", "LOAD 7 5000 0 5000 1000 1000");
      assertThat(at(vmcore, 0xfff)).isEqualTo((byte) 3);
      assertThat(at(vmcore, 0x1000)).isEqualTo((byte) 1);
      assertThat(at(vmcore, 0x1fff)).isEqualTo((byte) 1);
      assertThat(at(vmcore, 0x2000)).isEqualTo((byte) 2);
      assertThat(at(vmcore, 0x5fff)).isEqualTo((byte) 4);
      assertThat(vmcore.isDamaged()).isFalse();
      assertThat(messages(vmcore, Severity.WARNING))
          .containsExactly(
              "4128 LiME: 2048 bytes of the range 0x1800-0x2fff stand in earlier ranges, too: those"
                  + " are read",
              "10304 LiME: 2048 bytes of the range 0x0-0x17ff stand in earlier ranges, too: those"
                  + " are read");
    }
  }

  @Test
  void aRangeAroundEarlierOnesFillsWhatIsBetweenThem() throws Exception {
    Path file =
        filled(
            new long[] {0x1000, 0x1fff, 1},
            new long[] {0x3000, 0x3fff, 2},
            new long[] {0, 0x4fff, 3},
            new long[] {0x1000, 0x3fff, 4});
    try (Vmcore vmcore = Vmcore.open(file)) {
      byte[] seen = new byte[5];
      for (int i = 0; i < seen.length; i++) {
        seen[i] = at(vmcore, 0x1000L * i + 0x800);
      }
      assertThat(seen).containsExactly(3, 1, 3, 2, 3);
      assertThat(messages(vmcore, Severity.WARNING)).hasSize(2);
      assertThat(vmcore.memorySize()).isEqualTo(0x5000);
    }
  }

  @Test
  void manyThatOverlapAreCounted() throws Exception {
    long[][] ranges = new long[20][];
    Arrays.setAll(ranges, i -> new long[] {0, 0xf, i + 1});
    try (Vmcore vmcore = Vmcore.open(filled(ranges))) {
      List<String> warnings = messages(vmcore, Severity.WARNING);
      assertThat(warnings).hasSize(9);
      assertThat(warnings.getLast()).isEqualTo("0 LiME: 11 more ranges overlap earlier ones");
      assertThat(at(vmcore, 0)).isEqualTo((byte) 1);
    }
  }

  @Test
  void overlapsCostNoMoreThanTheirNumber() {
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          long[][] ranges = new long[60_000][];
          Arrays.setAll(
              ranges, i -> i < 30_000 ? new long[] {4L * i, 4L * i, 1} : new long[] {0, 0x3f, 2});
          try (Vmcore vmcore = Vmcore.open(filled(ranges))) {
            assertThat(vmcore.memorySize()).isEqualTo(0x40 + 30_000 - 16);
          }
        });
  }

  @Test
  void outOfOrder() throws Exception {
    Path file = lime(ram(), new long[] {0x3000, 0x3fff}, new long[] {0, 0xfff});
    try (Vmcore vmcore = Vmcore.open(file)) {
      assertThat(Reading.bytes(vmcore.physical(), 0x3000, 0x1000))
          .isEqualTo(DumpBuilder.pattern(0x3000, 0x1000));
      assertThat(Reading.bytes(vmcore.physical(), 0, 0x1000))
          .isEqualTo(DumpBuilder.pattern(0, 0x1000));
      assertThat(messages(vmcore, Severity.WARNING)).isEmpty();
    }
  }

  @Test
  void anEmptyRangeIsPassedOver() throws Exception {
    Path file = lime(ram(), new long[] {0x2000, 0x1fff}, new long[] {0, 0xfff});
    try (Vmcore vmcore = Vmcore.open(file)) {
      assertThat(segments(vmcore)).containsExactly("LOAD 7 0 0 0 1000 1000");
      assertThat(vmcore.isDamaged()).isFalse();
    }
    Path empty = lime(ram(), new long[] {0x2000, 0x1fff});
    assertThatThrownBy(() -> Vmcore.open(empty))
        .hasMessage(empty + ": offset 0x0: LiME: all of its ranges are empty");
  }

  @Test
  void zerosBetweenRangesArePassedOver() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (long from : new long[] {0, 0x2000}) {
      out.write(header(1, from, from + 0xfff));
      out.write(DumpBuilder.pattern(from, 0x1000));
      out.write(new byte[0x1fe0 - 0x1000]);
    }
    try (Vmcore vmcore = Vmcore.open(Files.write(dir.resolve("lime"), out.toByteArray()))) {
      assertThat(segments(vmcore)).hasSize(2);
      assertThat(Reading.bytes(vmcore.physical(), 0x2000, 0x1000))
          .isEqualTo(DumpBuilder.pattern(0x2000, 0x1000));
      assertThat(vmcore.isDamaged()).isFalse();
    }
  }

  @Test
  void ofARangePastTheEndNothingIsThere() throws Exception {
    Path file = cut(lime(ram(), new long[] {0, 0xfff}, new long[] {0x2000, 0x3fff}), 0x1040);
    try (Vmcore vmcore = Vmcore.open(file)) {
      assertThat(messages(vmcore, Severity.ERROR))
          .containsExactly("4160 the file ends too early: 8192 bytes of 1 ranges are lost");
    }
  }
}
