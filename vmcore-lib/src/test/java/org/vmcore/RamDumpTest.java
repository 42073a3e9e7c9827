package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Finding.Severity;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;
import org.vmcore.open.RamImage;
import org.vmcore.open.RamMap;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.Exercise;
import org.vmcore.testing.Reading;

/** RAM without crash headers, in LiME's format or raw: they are made from its ranges. */
class RamDumpTest {
  private static final int SIZE = 0x8000;
  private static final String[] X86 = {"OSRELEASE=6.1.0-x", "PAGESIZE=4096", "NUMBER(phys_base)=0"};

  @TempDir Path dir;

  /** RAM from address 0 on, with a VMCOREINFO note at 0x3000. */
  private static byte[] ram(String... lines) {
    byte[] ram = DumpBuilder.pattern(0, SIZE);
    if (lines.length > 0) {
      put(ram, 0x3000, lines);
    }
    return ram;
  }

  private static void put(byte[] ram, int at, String... lines) {
    byte[] note = DumpBuilder.elf64().ramImage().noteArea(0x1024).at(0).vmcoreinfo(lines).build();
    System.arraycopy(note, 0, ram, at, Math.min(note.length, 0x1000));
  }

  private Path raw(byte[] bytes) throws IOException {
    return Files.write(dir.resolve("raw"), bytes);
  }

  /** A LiME image of {@code ram}: ranges {from, to}, both included. */
  private Path lime(byte[] ram, long[]... ranges) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (long[] range : ranges) {
      out.write(header(1, range[0], range[1]));
      out.write(Arrays.copyOfRange(ram, (int) range[0], (int) range[1] + 1));
    }
    return Files.write(dir.resolve("lime"), out.toByteArray());
  }

  private static byte[] header(int version, long from, long to) {
    ByteBuffer header = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    return header.putInt(0x4c69_4d45).putInt(version).putLong(from).putLong(to).array();
  }

  private static OpenOptions by(String map) {
    return OpenOptions.builder().ramMap(RamMap.parse(map)).build();
  }

  private static List<String> segments(Vmcore vmcore) {
    return vmcore.crashHeaders().programHeaders().stream()
        .map(
            p ->
                "%s %d %x %x %x %x %x"
                    .formatted(
                        p.typeName(),
                        p.flags(),
                        p.offset(),
                        p.vaddr(),
                        p.paddr(),
                        p.filesz(),
                        p.memsz()))
        .toList();
  }

  private static List<String> messages(Vmcore vmcore, Severity severity) {
    return vmcore.findings().stream()
        .filter(finding -> finding.severity() == severity)
        .map(f -> (f.offset().isPresent() ? f.offset().getAsLong() + " " : "") + f.message())
        .toList();
  }

  @Test
  void rangesBecomeLoadsAndVmcoreinfoANote() throws Exception {
    Path file = lime(ram(X86), new long[] {0, 0xfff}, new long[] {0x2000, SIZE - 1});
    try (Vmcore vmcore = Vmcore.open(file)) {
      assertThat(vmcore.format()).isEqualTo("lime");
      assertThat(segments(vmcore))
          .containsExactly(
              "NOTE 0 3000 0 3000 1024 1024",
              "LOAD 7 0 0 0 1000 1000",
              "LOAD 7 2000 0 2000 6000 6000");
      assertThat(vmcore.architecture()).isEqualTo("x86_64");
      assertThat(vmcore.vmcoreInfo().orElseThrow().osRelease()).hasValue("6.1.0-x");
      assertThat(vmcore.isVirtualKnown(vmcore.segments().getLast())).isFalse();
      assertThat(Reading.bytes(vmcore.physical(), 0x2000, SIZE - 0x2000))
          .isEqualTo(Arrays.copyOfRange(ram(X86), 0x2000, SIZE));
      assertThat(vmcore.physical().extentAt(0x1000).state()).isEqualTo(PageState.NOT_RAM);
      assertThat(vmcore.findings())
          .containsExactly(
              Finding.info(
                  "crash_headers", "made from the RAM's ranges: 0x0-0xfff, 0x2000-0x7fff"));
    }
  }

  @Test
  void rangesThatTouchAreOneAndEndsStayInsideOfPages() throws Exception {
    Path file =
        lime(
            ram(),
            new long[] {0x4000, 0x5abc},
            new long[] {0x100, 0xfff},
            new long[] {0x1000, 0x17ff},
            new long[] {0x1800, 0x1fff});
    try (Vmcore vmcore = Vmcore.open(file)) {
      assertThat(segments(vmcore))
          .containsExactly("LOAD 7 100 0 100 1f00 1f00", "LOAD 7 4000 0 4000 1abd 1abd");
      assertThat(Reading.bytes(vmcore.physical(), 0x100, 0x1f00))
          .isEqualTo(DumpBuilder.pattern(0x100, 0x1f00));
      assertThat(Reading.bytes(vmcore, vmcore.size() - 0x1000, 0x1000))
          .isEqualTo(Arrays.copyOf(DumpBuilder.pattern(0x5000, 0xabd), 0x1000));
    }
  }

  @Test
  void rawMemoryIsWhatTheMapSays() throws Exception {
    String[] arm64 = {"OSRELEASE=6.1.0-a", "PAGESIZE=65536", "NUMBER(kimage_voffset)=0x1000"};
    byte[] ram = Arrays.copyOf(ram(arm64), 0x20000);
    try (Vmcore vmcore = Vmcore.open(raw(ram), by("0x40000000-0x4001ffff@0"))) {
      assertThat(vmcore.format()).isEqualTo("raw");
      assertThat(vmcore.architecture()).isEqualTo("arm64");
      assertThat(vmcore.pageSize()).isEqualTo(0x10000);
      assertThat(segments(vmcore))
          .containsExactly(
              "NOTE 0 40003000 0 40003000 10024 10024", "LOAD 7 40000000 0 40000000 20000 20000");
      assertThat(Reading.bytes(vmcore.physical(), 0x4000_1000, 0x1000))
          .isEqualTo(DumpBuilder.pattern(0x1000, 0x1000));
    }
  }

  @Test
  void theMapWinsOverTheFormat() throws Exception {
    Path file = lime(ram(), new long[] {0x1000, 0x3fff});
    try (Vmcore vmcore = Vmcore.open(file, by("0-0x1f@0,0x5000-0x5fff@0x20"))) {
      assertThat(vmcore.format()).isEqualTo("raw");
      assertThat(Reading.bytes(vmcore.physical(), 0, 4)).asString().isEqualTo("EMiL");
      assertThat(Reading.bytes(vmcore.physical(), 0x5000, 0x1000))
          .isEqualTo(DumpBuilder.pattern(0x1000, 0x1000));
    }
  }

  @Test
  void withoutVmcoreinfoTheMachineIsNotKnown() throws Exception {
    try (Vmcore vmcore = Vmcore.open(raw(ram()), by("0-0x7fff@0"))) {
      assertThat(vmcore.architecture()).isEqualTo("unknown");
      assertThat(vmcore.header().machine()).isZero();
      assertThat(vmcore.pageSize()).isEqualTo(4096);
      assertThat(segments(vmcore)).containsExactly("LOAD 7 0 0 0 8000 8000");
      assertThat(messages(vmcore, Severity.INFO))
          .contains("the architecture isn't known: there is no VMCOREINFO in it");
    }
    try (Vmcore vmcore = Vmcore.open(raw(ram("OSRELEASE=4")), by("0-0x7fff@0"))) {
      assertThat(vmcore.architecture()).isEqualTo("unknown");
      assertThat(segments(vmcore)).hasSize(2);
      assertThat(messages(vmcore, Severity.INFO))
          .contains("the architecture isn't known: VMCOREINFO doesn't tell it");
    }
  }

  @Test
  void ofSeveralVmcoreinfosTheFirstIsTaken() throws Exception {
    byte[] ram = ram(X86);
    for (int at = 0x4000; at < SIZE; at += 0x1000) {
      put(ram, at, "OSRELEASE=6.1.0-" + (char) ('0' + at / 0x1000));
    }
    put(ram, 0, "OSRELEASE=first");
    put(ram, 0x1000, "OSRELEASE=second");
    try (Vmcore vmcore = Vmcore.open(raw(ram), by("0-0x7fff@0"))) {
      assertThat(vmcore.vmcoreInfo().orElseThrow().osRelease()).hasValue("first");
      assertThat(messages(vmcore, Severity.INFO))
          .filteredOn(each -> each.startsWith("VMCOREINFO: not taken"))
          .containsExactly(
              "VMCOREINFO: not taken: 0x1000 of second; rather the first: 0x0 of first",
              "VMCOREINFO: not taken: 0x3000 of 6.1.0-x; rather the first: 0x0 of first",
              "VMCOREINFO: not taken: 0x4000 of 6.1.0-4; rather the first: 0x0 of first",
              "VMCOREINFO: not taken: 0x5000 of 6.1.0-5; rather the first: 0x0 of first",
              "VMCOREINFO: not taken: 2 more");
    }
  }

  @Test
  void manyRangesAreToldInShort() throws Exception {
    long[][] ranges = new long[6][];
    Arrays.setAll(ranges, i -> new long[] {0x1000L * i, 0x1000L * i + 0xff});
    try (Vmcore vmcore = Vmcore.open(lime(ram(), ranges))) {
      assertThat(messages(vmcore, Severity.INFO))
          .contains(
              "made from the RAM's ranges: 0x0-0xff, 0x1000-0x10ff, 0x2000-0x20ff, 0x3000-0x30ff"
                  + " and 2 more");
    }
  }

  private Path cut(Path file, int size) throws IOException {
    return Files.write(file, Arrays.copyOf(Files.readAllBytes(file), size));
  }

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
    "1, 0x2000, 0x1fff, 8, 'no range of RAM: 0x2000-0x1fff@0x1040'",
    "1, -1, -1, 8, 'no range of RAM: 0xffffffffffffffff-0xffffffffffffffff@0x1040'",
    "1, 0, 0x7fffffffffffffff, 8, 'no range of RAM: 0x0-0x7fffffffffffffff@0x1040'",
    "1, 0xfff, 0x1fff, 8, the range overlaps an earlier one at 0xfff",
    "1, 0, 0xffff, 8, the range overlaps an earlier one at 0x0"
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
    if (reason.startsWith("the range overlaps")) {
      return;
    }
    assertThatThrownBy(() -> Vmcore.open(file))
        .isInstanceOf(VmcoreException.class)
        .hasMessageStartingWith(file + ": offset 0x" + offset + ": LiME: ");
  }

  @Test
  void otherBytesBehindTheLastRangeAreTold() throws Exception {
    Path file = lime(ram(), new long[] {0, 0xfff});
    Files.write(file, new byte[100], StandardOpenOption.APPEND);
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
  void oldMemoryInALimeFileKeepsItsRangesToo() throws Exception {
    Path file = cut(lime(ram(), new long[] {0, 0xfff}, new long[] {0x2000, 0x3fff}), 0x1030);
    Path headers =
        DumpBuilder.elf64().load(0, 0x1000).field("p_offset", 0).writeTo(dir.resolve("headers"));
    RamImage image = RamImage.of(file).withHeaders(new RamImage.Elfcorehdr.InFile(headers));
    try (Vmcore vmcore = Vmcore.open(image, OpenOptions.DEFAULT)) {
      assertThat(vmcore.format()).isEqualTo("oldmem");
      assertThat(vmcore.isDamaged()).isTrue();
      assertThat(Reading.bytes(vmcore.physical(), 0, 0x1000))
          .isEqualTo(DumpBuilder.pattern(0, 0x1000));
    }
  }

  @Test
  void partsAreRefused() throws Exception {
    Path file = raw(ram());
    Path lime = lime(ram(), new long[] {0, 0xfff});
    assertThatThrownBy(
            () -> Vmcore.open(file, by("0-0xfff@0").toBuilder().parts(List.of(lime)).build()))
        .hasMessage(lime + ": no part of " + file + ": raw memory has no parts");
    assertThatThrownBy(() -> Vmcore.open(lime, OpenOptions.builder().parts(List.of(file)).build()))
        .hasMessage(file + ": no part of " + lime + ": a LiME image has no parts");
  }

  @Test
  void aLimeFileTruncatedAnywhere() throws Exception {
    Path file = lime(ram(X86), new long[] {0, 0xfff}, new long[] {0x3000, 0x3fff});
    for (int size = (int) Files.size(file); size >= 0; size -= size < 0x60 ? 1 : 37) {
      boolean opened = Exercise.dump(cut(file, size), OpenOptions.DEFAULT);
      assertThat(opened).as("%s bytes", size).isEqualTo(size >= 32);
    }
  }

  @Test
  void programHeadersAreWhatTheImageExports() throws Exception {
    try (Vmcore vmcore = Vmcore.open(raw(ram(X86)), by("0-0x7fff@0"))) {
      assertThat(vmcore.segments())
          .extracting(ProgramHeader::typeName)
          .containsExactly("NOTE", "LOAD");
      assertThat(vmcore.verify()).noneMatch(each -> each.severity() != Severity.INFO);
    }
  }
}
