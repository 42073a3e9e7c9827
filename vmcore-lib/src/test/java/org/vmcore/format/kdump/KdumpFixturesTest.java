package org.vmcore.format.kdump;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmcore.Vmcore;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;
import org.vmcore.testing.Hex;
import org.vmcore.testing.Reading;

/** Dumps of all word sizes, byte orders and header versions that were written by hand. */
class KdumpFixturesTest {
  private static final String ZLIB = "zlib page\n";
  private static final String LZO = "lzo page\n";
  private static final String SNAPPY = "snappy page\n";
  private static final String ZSTD = "Z";
  private static final String RAW = "raw page";
  private static final String ZERO = "\0";

  @TempDir Path dir;

  /**
   * What a dump must open to.
   *
   * @param states the page frames from 0 on
   * @param pages by page frame: what is in it over and over
   */
  record Fixture(
      String file,
      String architecture,
      ElfClass elfClass,
      ByteOrder order,
      int pageSize,
      String header,
      String vmcoreinfo,
      String states,
      Map<Long, String> pages) {
    @Override
    public String toString() {
      return file;
    }
  }

  static Stream<Fixture> fixtures() {
    return Stream.of(
        new Fixture(
            "x86_64.hex",
            "x86_64",
            ElfClass.ELF64,
            ByteOrder.LITTLE_ENDIAN,
            4096,
            "version 6, 64-bit little-endian, blocks of 4096, dump level 31",
            "OSRELEASE=6.1.0-13-amd64\nPAGESIZE=4096\n\n",
            "1 not_ram, 1 excluded, 7 present, 1 lost, 6 not_ram, 1 excluded, 2 not_ram, 1 present",
            Map.of(
                2L, ZLIB, 3L, LZO, 4L, SNAPPY, 5L, ZSTD, 6L, RAW, 7L, ZERO, 8L, ZERO, 19L, ZERO)),
        new Fixture(
            "arm64-16k.hex",
            "arm64",
            ElfClass.ELF64,
            ByteOrder.LITTLE_ENDIAN,
            16384,
            "version 4, 64-bit little-endian, blocks of 16384, dump level 31",
            "OSRELEASE=6.6\nPAGESIZE=16384\n",
            "8 not_ram, 1 excluded, 1 present",
            Map.of(9L, ZLIB)),
        new Fixture(
            "ppc64-64k.hex",
            "ppc64",
            ElfClass.ELF64,
            ByteOrder.BIG_ENDIAN,
            65536,
            "version 2, 64-bit big-endian, blocks of 65536, dump level 31",
            "",
            "2 present, 1 excluded, 1 present",
            Map.of(0L, LZO, 1L, ZSTD, 3L, LZO)),
        new Fixture(
            "i386.hex",
            "i386",
            ElfClass.ELF32,
            ByteOrder.LITTLE_ENDIAN,
            4096,
            "version 5, 32-bit little-endian, blocks of 4096, dump level 31",
            "OSRELEASE=5.10\n",
            "1 not_ram, 1 excluded, 1 present, 1 excluded, 1 present",
            Map.of(2L, SNAPPY, 4L, RAW)),
        new Fixture(
            "arm.hex",
            "arm",
            ElfClass.ELF32,
            ByteOrder.LITTLE_ENDIAN,
            4096,
            "version 6, 32-bit little-endian, blocks of 4096, dump level 31",
            "OSRELEASE=5.10\n",
            "1 not_ram, 1 excluded, 1 present, 1 excluded, 1 present",
            Map.of(2L, ZSTD, 4L, RAW)),
        new Fixture(
            "ppc.hex",
            "ppc",
            ElfClass.ELF32,
            ByteOrder.BIG_ENDIAN,
            4096,
            "version 3, 32-bit big-endian, blocks of 4096, dump level 31",
            "OSRELEASE=2.6.3\n",
            "2 excluded, 6 not_ram, 1 present",
            Map.of(8L, ZLIB)),
        new Fixture(
            "diskdump.hex",
            "i386",
            ElfClass.ELF32,
            ByteOrder.LITTLE_ENDIAN,
            4096,
            "version 1, 32-bit little-endian, blocks of 4096, dump level 0",
            "",
            "1 present, 16384 not_ram, 1 present",
            Map.of(0L, LZO, 16385L, RAW)),
        new Fixture(
            "split-1.hex",
            "x86_64",
            ElfClass.ELF64,
            ByteOrder.LITTLE_ENDIAN,
            4096,
            "version 6, 64-bit little-endian, blocks of 4096, dump level 31",
            "",
            "1 excluded, 3 present, 2 lost, 1 excluded, 1 not_ram, 1 lost",
            Map.of(1L, "1", 2L, "2", 3L, "3")),
        new Fixture(
            "split-2.hex",
            "x86_64",
            ElfClass.ELF64,
            ByteOrder.LITTLE_ENDIAN,
            4096,
            "version 6, 64-bit little-endian, blocks of 4096, dump level 31",
            "",
            "1 excluded, 3 lost, 2 present, 1 excluded, 1 not_ram, 1 present",
            Map.of(4L, "4", 5L, "5", 8L, "8")));
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void opensToWhatIsWritten(Fixture fixture) throws Exception {
    try (Vmcore vmcore = Vmcore.open(write(fixture.file(), dir.resolve("dump")))) {
      assertIs(vmcore, fixture);
    }
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void opensToTheSameWhereItCantBeMapped(Fixture fixture) throws Exception {
    try (FileSystem jimfs = Jimfs.newFileSystem(Configuration.unix());
        Vmcore vmcore = Vmcore.open(write(fixture.file(), jimfs.getPath("dump")))) {
      assertIs(vmcore, fixture);
    }
  }

  private static Path write(String fixture, Path path) throws IOException {
    return Files.write(path, Hex.resource(KdumpFixturesTest.class, fixture));
  }

  private static void assertIs(Vmcore vmcore, Fixture fixture) throws VmcoreException {
    assertThat(vmcore.format()).isEqualTo("kdump");
    assertThat(vmcore.architecture()).isEqualTo(fixture.architecture());
    assertThat(vmcore.header().elfClass()).isEqualTo(fixture.elfClass());
    assertThat(vmcore.header().order()).isEqualTo(fixture.order());
    assertThat(vmcore.pageSize()).isEqualTo(fixture.pageSize());
    assertThat(vmcore.findings()).extracting(Finding::message).contains(fixture.header());
    assertThat(vmcore.vmcoreInfo().map(VmcoreInfo::text).orElse(""))
        .isEqualTo(fixture.vmcoreinfo());
    assertThat(states(vmcore)).isEqualTo(fixture.states());
    assertPages(vmcore, fixture);
  }

  private static String states(Vmcore vmcore) throws VmcoreException {
    List<String> ranges = new ArrayList<>();
    vmcore.pages(range -> ranges.add(range.count() + " " + range.state().label()));
    return String.join(", ", ranges);
  }

  private static void assertPages(Vmcore vmcore, Fixture fixture) throws VmcoreException {
    int size = fixture.pageSize();
    for (long pfn = 0; pfn < 20; pfn++) {
      assertPage(vmcore, pfn * size, fixture.pages().getOrDefault(pfn, ""), size);
    }
    for (Map.Entry<Long, String> page : fixture.pages().entrySet()) {
      assertPage(vmcore, page.getKey() * size, page.getValue(), size);
    }
  }

  private static void assertPage(Vmcore vmcore, long paddr, String content, int size)
      throws VmcoreException {
    byte[] page = Reading.bytes(vmcore.physical(), paddr, size);
    byte[] wanted =
        content
            .repeat(size)
            .substring(0, content.isEmpty() ? 0 : size)
            .getBytes(StandardCharsets.US_ASCII);
    assertThat(page).as("page at 0x%x", paddr).isEqualTo(wanted);
  }

  private static Vmcore open(Path file, Path... parts) throws VmcoreException {
    return Vmcore.open(file, OpenOptions.builder().parts(List.of(parts)).build());
  }

  @Test
  void aSplitSetIsWholeWithAllItsParts() throws Exception {
    Path one = write("split-1.hex", dir.resolve("one"));
    Path two = write("split-2.hex", dir.resolve("two"));
    for (List<Path> order : List.of(List.of(one, two), List.of(two, one))) {
      try (Vmcore vmcore = open(order.getFirst(), order.getLast())) {
        assertThat(states(vmcore))
            .isEqualTo("1 excluded, 5 present, 1 excluded, 1 not_ram, 1 present");
        for (String digit : List.of("1", "2", "3", "4", "5", "8")) {
          assertPage(vmcore, Integer.parseInt(digit) * 4096L, digit, 4096);
        }
        assertThat(vmcore.isDamaged()).isFalse();
      }
    }
  }

  @Test
  void anUnfinishedDumpIsDamagedAndSaysWhichPageIsLost() throws Exception {
    try (Vmcore vmcore = Vmcore.open(write("x86_64.hex", dir.resolve("dump")))) {
      assertThat(vmcore.isDamaged()).isTrue();
      assertThat(vmcore.findings())
          .contains(
              Finding.error(
                  "file_size", 0x1a8, "status says that the dump was not finished (disk full?)"));
      assertThat(vmcore.physical().lossAt(0x9000))
          .isEqualTo(
              Optional.of(
                  Finding.error(
                      "pages",
                      0x50a8,
                      "page frame 0x9: page descriptor: offset is 0: there was no room for the"
                          + " page when it was dumped")));
    }
  }

  @Test
  void notesAreThoseOfTheFile() throws Exception {
    try (Vmcore vmcore = Vmcore.open(write("x86_64.hex", dir.resolve("dump")))) {
      assertThat(vmcore.notes()).hasSize(2);
      assertThat(vmcore.notes().getFirst().prStatus().pid()).isEqualTo(0x1267);
      assertThat(vmcore.notes().getLast().isVmcoreInfo()).isTrue();
    }
  }

  @Test
  void erasedDataIsTold() throws Exception {
    try (Vmcore vmcore = Vmcore.open(write("i386.hex", dir.resolve("dump")))) {
      assertThat(vmcore.findings())
          .anyMatch(
              finding ->
                  finding.check().equals("eraseinfo") && finding.offset().orElse(0) == 0x1080);
    }
  }
}
