package org.vmcore.format.s390;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmcore.Vmcore;
import org.vmcore.elf.Note;
import org.vmcore.elf.Register;
import org.vmcore.memory.Finding;
import org.vmcore.memory.PageState;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.Reading;
import org.vmcore.testing.S390DumpBuilder;

class S390FormatTest {
  private static final int SIZE = 0x8000;
  private static final int LOWCORE = 0x4000;

  @TempDir Path folder;

  private static byte[] memory() {
    return DumpBuilder.pattern(0, SIZE);
  }

  private Vmcore open(byte[] file) throws IOException {
    return Vmcore.open(Files.write(folder.resolve("dump"), file));
  }

  private static List<String> errors(Vmcore vmcore) {
    return vmcore.findings().stream()
        .filter(each -> each.severity() == Finding.Severity.ERROR)
        .map(Finding::message)
        .toList();
  }

  @Test
  void memoryIsBehindTheHeader() throws IOException {
    try (Vmcore vmcore = open(new S390DumpBuilder(memory()).build())) {
      assertThat(vmcore.format()).isEqualTo("s390");
      assertThat(vmcore.header().machine()).isEqualTo(22);
      assertThat(vmcore.memorySize()).isEqualTo(SIZE);
      assertThat(Reading.bytes(vmcore.physical(), 0, SIZE)).isEqualTo(memory());
      assertThat(vmcore.physical().extentAt(SIZE).state()).isEqualTo(PageState.NOT_RAM);
      assertThat(vmcore.isDamaged()).isFalse();
      assertThat(vmcore.notes()).isEmpty();
    }
  }

  @Test
  void segmentsAndWhatIsBetweenThem() throws IOException {
    byte[] file =
        new S390DumpBuilder(memory()).segment(0x1000, 0x2000).segment(0x5000, 0x1000).build();
    try (Vmcore vmcore = open(file)) {
      assertThat(Reading.bytes(vmcore.physical(), 0x1000, 0x2000))
          .isEqualTo(DumpBuilder.pattern(0x1000, 0x2000));
      assertThat(Reading.bytes(vmcore.physical(), 0x5000, 0x1000))
          .isEqualTo(DumpBuilder.pattern(0x5000, 0x1000));
      for (long gap : new long[] {0, 0x3000, 0x4fff, 0x6000, 0x7fff}) {
        assertThat(vmcore.physical().extentAt(gap).state()).isEqualTo(PageState.EXCLUDED);
      }
      assertThat(vmcore.isDamaged()).isFalse();
    }
  }

  @Test
  void cpusHaveTheRegistersOfTheirLowcores() throws IOException {
    byte[] memory = memory();
    ByteBuffer lowcore = ByteBuffer.wrap(memory);
    lowcore.putLong(LOWCORE + 0x1280 + 15 * 8, 0x1234).putLong(LOWCORE + 0x1308, 0x5678);
    lowcore.putInt(LOWCORE + 0x1318, LOWCORE).putLong(LOWCORE + 0x1380 + 8, 0x9abc);
    lowcore.putLong(LOWCORE + 0x11b0, 0);
    byte[] file = new S390DumpBuilder(memory).cpu(LOWCORE).cpu(SIZE - 0x1300).build();
    try (Vmcore vmcore = open(file)) {
      assertThat(vmcore.notes())
          .extracting(Note::typeName)
          .containsExactly(
              "NT_PRSTATUS",
              "NT_FPREGSET",
              "NT_S390_TIMER",
              "NT_S390_TODCMP",
              "NT_S390_TODPREG",
              "NT_S390_CTRS",
              "NT_S390_PREFIX");
      Note status = vmcore.notes().iterator().next();
      assertThat(status.prStatus().pid()).isEqualTo(1);
      assertThat(status.prStatus().registers())
          .contains(new Register("psw_addr", 0x5678), new Register("gpr15", 0x1234));
      assertThat(vmcore.findings())
          .extracting(Finding::message)
          .contains("CPU 1 has no registers: its lowcore's at 0x7eb0 aren't in the dump");
      assertThat(vmcore.isDamaged()).isFalse();
    }
  }

  @Test
  void vectorRegistersAreThoseOfTheAreaThatTheLowcoreNames() throws IOException {
    byte[] memory = memory();
    ByteBuffer lowcore = ByteBuffer.wrap(memory);
    lowcore.putLong(LOWCORE + 0x11b0, 0x6c0a); // the lowest bits are the area's size
    lowcore.putLong(0x6c08, 0x1111).putLong(0x6cf8, 0x2222).putLong(0x6d00, 0x3333);
    byte[] file = new S390DumpBuilder(memory).cpu(LOWCORE).build();
    try (Vmcore vmcore = open(file)) {
      List<Note> notes = vmcore.notes();
      assertThat(notes)
          .extracting(Note::typeName)
          .endsWith("NT_S390_PREFIX", "NT_S390_VXRS_HIGH", "NT_S390_VXRS_LOW");
      ByteBuffer high = ByteBuffer.wrap(notes.get(7).descriptor(0x1000));
      ByteBuffer low = ByteBuffer.wrap(notes.get(8).descriptor(0x1000));
      assertThat(high.remaining()).isEqualTo(16 * 16);
      assertThat(high.getLong(0)).isEqualTo(0x3333);
      assertThat(low.remaining()).isEqualTo(16 * 8);
      assertThat(low.getLong(0)).isEqualTo(0x1111);
      assertThat(low.getLong(15 * 8)).isEqualTo(0x2222);
    }
  }

  @Test
  void aVectorAreaThatIsNotInTheDumpIsNone() throws IOException {
    byte[] memory = memory();
    ByteBuffer.wrap(memory).putLong(LOWCORE + 0x11b0, -0x400);
    try (Vmcore vmcore = open(new S390DumpBuilder(memory).cpu(LOWCORE).build())) {
      assertThat(vmcore.notes()).hasSize(7);
    }
  }

  @Test
  void theLowcoresVmcoreInfoIsANote() throws IOException {
    byte[] text = "OSRELEASE=6.1.0\nSYMBOL(lowcore_ptr)=1000\n".getBytes(US_ASCII);
    byte[] memory = memory();
    ByteBuffer.wrap(memory)
        .putLong(0xe0c, 0x6000)
        .position(0x6000)
        .putInt(11)
        .putInt(text.length)
        .putInt(0)
        .put("VMCOREINFO\0\0".getBytes(US_ASCII))
        .put(text);
    try (Vmcore vmcore = open(new S390DumpBuilder(memory).cpu(LOWCORE).build())) {
      assertThat(vmcore.vmcoreInfo().orElseThrow().osRelease()).contains("6.1.0");
      assertThat(vmcore.notes()).hasSize(8);
      assertThat(vmcore.vmcoreInfoKeptAt()).isEmpty();
    }
  }

  @Test
  void versionsBefore5TellOfNoCpus() throws IOException {
    byte[] file = new S390DumpBuilder(memory()).cpu(LOWCORE).u32(8, 4).build();
    try (Vmcore vmcore = open(file)) {
      assertThat(vmcore.notes()).isEmpty();
    }
  }

  @Test
  void aMachineOf32BitsHasItsMemory() throws IOException {
    byte[] file = new S390DumpBuilder(memory()).cpu(LOWCORE).u32(0x48, 1).build();
    try (Vmcore vmcore = open(file)) {
      assertThat(vmcore.header().elfClass().bits()).isEqualTo(32);
      assertThat(Reading.bytes(vmcore.physical(), 0, SIZE)).isEqualTo(memory());
      assertThat(vmcore.notes()).isEmpty();
    }
  }

  @Test
  void theTimeIsThatOfTheClock() throws IOException {
    byte[] file =
        new S390DumpBuilder(memory())
            .u64(0x38, 0x7d91_048b_ca00_0000L + (1_000_000L << 12))
            .build();
    try (Vmcore vmcore = open(file)) {
      assertThat(vmcore.findings().getFirst().message())
          .isEqualTo("version 5, s390x, memory up to 0x8000, begun 1970-01-01T00:00:01Z");
    }
  }

  @Test
  void whatWasNotFinishedIsDamaged() throws IOException {
    try (Vmcore vmcore = open(new S390DumpBuilder(memory()).unfinished().build())) {
      assertThat(errors(vmcore)).singleElement().asString().startsWith("no end marker");
    }
    byte[] file = new S390DumpBuilder(memory()).build();
    try (Vmcore vmcore = open(Arrays.copyOf(file, 0x5000))) {
      assertThat(errors(vmcore)).containsExactly("the file ends before 0x9000");
      assertThat(vmcore.isFinished()).isFalse();
      assertThat(vmcore.physical().extentAt(0x3fff).isPresent()).isTrue();
      assertThat(vmcore.physical().extentAt(0x4000).state()).isEqualTo(PageState.LOST);
    }
  }

  @Test
  void segmentsBeforeABadOneAreKept() throws IOException {
    S390DumpBuilder dump = new S390DumpBuilder(memory()).segment(0, 0x1000).segment(0x2000, 0x1000);
    byte[] file = dump.build();
    ByteBuffer.wrap(file).putLong(0x3000, 0x500);
    try (Vmcore vmcore = open(file)) {
      assertThat(vmcore.physical().extentAt(0xfff).isPresent()).isTrue();
      assertThat(vmcore.physical().extentAt(0x1000).state()).isEqualTo(PageState.LOST);
      assertThat(errors(vmcore).getFirst())
          .isEqualTo(
              "s390 dump: no segment: 0x1000 bytes from 0x500 on; the segments before it are kept");
    }
    try (Vmcore vmcore = open(Arrays.copyOf(dump.unfinished().build(), 0x3000))) {
      assertThat(vmcore.physical().extentAt(0xfff).isPresent()).isTrue();
      assertThat(vmcore.physical().extentAt(0x2000).state()).isEqualTo(PageState.LOST);
      assertThat(vmcore.isDamaged()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0xc, 4097, hdr_size is 4097",
    "0x18, -1, mem_size is 0xffffffff00008000",
    "0x18, 0x00200001, mem_size is 0x20000100008000",
    "0x1c, 0x8001, mem_size is 0x8001",
    "0x1c, 0, mem_size is 0x0",
    "0x48, 3, arch is 3",
    "0x5c, 0x00020100, cpu_cnt is 513"
  })
  void whatCannotBeIsRefused(String offset, String value, String message) throws IOException {
    byte[] file =
        new S390DumpBuilder(memory()).u32(Integer.decode(offset), Integer.decode(value)).build();
    assertThatThrownBy(() -> open(file)).hasMessageEndingWith("s390 dump: " + message);
  }

  @Test
  void aVolumeOfSeveralIsRefused() {
    byte[] file =
        new S390DumpBuilder(memory()).u64(0x200, 0xa819_0173_618f_23fdL).u32(0x4c, 2).build();
    assertThatThrownBy(() -> open(file)).hasMessageContaining("volume 2 of a dump on several");
  }

  @Test
  void aHeaderThatIsCutIsRefused() {
    byte[] file = Arrays.copyOf(new S390DumpBuilder(memory()).build(), 4095);
    assertThatThrownBy(() -> open(file)).hasMessageContaining("the file ends in its header");
  }
}
