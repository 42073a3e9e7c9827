package org.vmcore.format.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmcore.Vmcore;
import org.vmcore.memory.Finding.Severity;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.Exercise;
import org.vmcore.testing.Reading;

/** RAM in files that are cut or damaged. */
class RamDumpDamageTest extends RamFiles {
  @Test
  void theRestOfARangeThatIsCutShortIsLost() throws Exception {
    Path file = cut(lime(ram(), new long[] {0, 0xfff}, new long[] {0x2000, 0x3fff}), 0x1840);
    try (Vmcore vmcore = Vmcore.open(file)) {
      assertThat(messages(vmcore, Severity.ERROR))
          .containsExactly("6208 the file ends too early: 6144 bytes of 1 ranges are lost");
      assertThat(Reading.bytes(vmcore.physical(), 0x2000, 0x2000))
          .isEqualTo(DumpBuilder.pattern(0x2000, 0x800));
      assertThat(vmcore.physical().extentAt(0x2800).state()).isEqualTo(PageState.LOST);
      assertThat(vmcore.physical().lossAt(0x2800).orElseThrow().offset()).hasValue(0x1840);
    }
  }

  @Test
  void rawMemoryThatIsTooShortForItsMapIsLost() throws Exception {
    try (Vmcore vmcore = Vmcore.open(raw(ram()), by("0-0xfff@0x7800,0x4000-0x4fff@0x9000"))) {
      assertThat(messages(vmcore, Severity.ERROR))
          .containsExactly("32768 the file ends too early: 6144 bytes of 2 ranges are lost");
      assertThat(vmcore.physical().extentAt(0x4000).state()).isEqualTo(PageState.LOST);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "31, LiME: the file ends in a header",
    "4, LiME: the file ends in a header",
    "1, LiME: the file ends in a header"
  })
  void rangesBeforeAHeaderThatIsCutShortAreKept(int size, String reason) throws Exception {
    Path file = cut(lime(ram(), new long[] {0, 0xfff}, new long[] {0x2000, 0x3fff}), 0x1020 + size);
    try (Vmcore vmcore = Vmcore.open(file)) {
      assertThat(segments(vmcore)).containsExactly("LOAD 7 0 0 0 1000 1000");
      assertThat(messages(vmcore, Severity.ERROR))
          .containsExactly("4128 " + reason + "; the 1 ranges before it are kept");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2, 0x2000, 0x2fff, 4, 'version is 2, not 1'",
    "1, 0x2000, 0x1ffe, 8, 'no range of RAM: 0x2000-0x1ffe@0x1040'",
    "1, -1, -1, 8, 'no range of RAM: 0xffffffffffffffff-0xffffffffffffffff@0x1040'",
    "1, 0, 0x7fffffffffffffff, 8, 'no range of RAM: 0x0-0x7fffffffffffffff@0x1040'"
  })
  void rangesBeforeAHeaderThatIsNoneAreKept(
      int version, String from, String to, int offset, String reason) throws Exception {
    Path file = lime(ram(), new long[] {0, 0xfff});
    byte[] bad = header(version, Long.decode(from), Long.decode(to));
    Files.write(file, bad, StandardOpenOption.APPEND);
    try (Vmcore vmcore = Vmcore.open(file)) {
      assertThat(segments(vmcore)).containsExactly("LOAD 7 0 0 0 1000 1000");
      assertThat(messages(vmcore, Severity.ERROR))
          .containsExactly(
              0x1020 + offset + " LiME: " + reason + "; the 1 ranges before it are kept");
    }
    Files.write(file, bad);
    assertThatThrownBy(() -> Vmcore.open(file))
        .isInstanceOf(VmcoreException.class)
        .hasMessageStartingWith(file + ": offset 0x" + offset + ": LiME: ");
  }

  @Test
  void otherBytesBehindTheLastRangeAreTold() throws Exception {
    Path file = lime(ram(), new long[] {0, 0xfff});
    byte[] other = new byte[100];
    other[40] = 1;
    Files.write(file, other, StandardOpenOption.APPEND);
    try (Vmcore vmcore = Vmcore.open(file)) {
      assertThat(messages(vmcore, Severity.ERROR))
          .containsExactly("4168 LiME: magic is missing; the 1 ranges before it are kept");
    }
  }

  @Test
  void zerosBehindTheLastRangeArePaddingUpToABlock() throws Exception {
    Path file = lime(ram(), new long[] {0, 0xfff});
    Files.write(file, new byte[100], StandardOpenOption.APPEND);
    try (Vmcore vmcore = Vmcore.open(file)) {
      assertThat(vmcore.isDamaged()).isFalse();
    }
    Files.write(file, new byte[1 << 17], StandardOpenOption.APPEND);
    try (Vmcore vmcore = Vmcore.open(file)) {
      assertThat(messages(vmcore, Severity.ERROR))
          .containsExactly("4128 LiME: magic is missing; the 1 ranges before it are kept");
    }
  }

  @Test
  void moreRangesThanThereCanBeAreNotRead() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i <= 1 << 16; i++) {
      out.write(header(1, 2L * i, 2L * i));
      out.write(i);
    }
    try (Vmcore vmcore = Vmcore.open(Files.write(dir.resolve("lime"), out.toByteArray()))) {
      assertThat(vmcore.crashHeaders().programHeaders()).hasSize(1 << 16);
      assertThat(messages(vmcore, Severity.ERROR))
          .containsExactly(
              33 * 65536 + " LiME: more than 65536 ranges; the 65536 ranges before it are kept");
    }
  }

  @Test
  void aLimeFileTruncatedAnywhere() throws Exception {
    Path file = lime(ram(X86), new long[] {0, 0xfff}, new long[] {0x3000, 0x3fff});
    for (int size = (int) Files.size(file); size >= 0; size -= size < 0x60 ? 1 : 37) {
      boolean opened = Exercise.dump(cut(file, size), OpenOptions.DEFAULT);
      assertThat(opened).as("%s bytes", size).isEqualTo(size >= 32);
    }
  }
}
