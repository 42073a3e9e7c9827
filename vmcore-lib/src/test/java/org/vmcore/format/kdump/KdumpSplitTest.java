package org.vmcore.format.kdump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.Vmcore;
import org.vmcore.codec.Compression;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.KdumpBuilder;
import org.vmcore.testing.Reading;

/** Split dumps. */
class KdumpSplitTest {
  @TempDir Path dir;

  /** Page frames 0 to 0x2f, of which every eighth was left out. */
  private static KdumpBuilder dump() {
    KdumpBuilder dump = KdumpBuilder.le64();
    for (int pfn = 0; pfn < 0x30; pfn++) {
      if (pfn % 8 == 7) {
        dump.excluded(pfn);
      } else {
        dump.page(pfn, Compression.ZLIB);
      }
    }
    return dump;
  }

  private Path write(String name, KdumpBuilder dump) throws IOException {
    return dump.writeTo(dir.resolve(name));
  }

  private Path part(int number) throws IOException {
    return write("part" + number, dump().part(0x10L * number, 0x10L * number + 0x10));
  }

  private static Vmcore open(Path first, Path... others) throws VmcoreException {
    return Vmcore.open(first, OpenOptions.builder().parts(List.of(others)).build());
  }

  private static void assertPresent(Vmcore vmcore, int from, int to) throws VmcoreException {
    for (int pfn = from; pfn < to; pfn++) {
      byte[] expected = pfn % 8 == 7 ? new byte[0] : DumpBuilder.pattern(pfn << 12, 4096);
      assertThat(Reading.bytes(vmcore.physical(), (long) pfn << 12, 4096))
          .as("page %s", pfn)
          .isEqualTo(expected);
    }
  }

  private static void assertRefused(String message, Path first, Path... others) {
    assertThatThrownBy(() -> open(first, others).close())
        .isInstanceOf(VmcoreException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource({"0,1,2", "0,2,1", "1,0,2", "1,2,0", "2,0,1", "2,1,0"})
  void anyOrder(int first, int second, int third) throws Exception {
    try (Vmcore vmcore = open(part(first), part(second), part(third))) {
      assertPresent(vmcore, 0, 0x30);
      assertThat(vmcore.isDamaged()).isFalse();
      assertThat(vmcore.memorySize()).isEqualTo(0x30000);
    }
  }

  @Test
  void aReadGoesOnInTheNextPart() throws Exception {
    KdumpBuilder dump = KdumpBuilder.le64().pages(0, 8, Compression.ZLIB);
    Path one = write("one", dump.part(0, 3));
    Path two = write("two", dump.part(3, 8));
    try (Vmcore vmcore = open(two, one)) {
      assertThat(Reading.bytes(vmcore.physical(), 0x123, 0x8000))
          .isEqualTo(DumpBuilder.pattern(0x123, 0x8000 - 0x123));
    }
  }

  @Test
  void whatIsInAMissingPartIsLost() throws Exception {
    try (Vmcore vmcore = open(part(2), part(0))) {
      assertPresent(vmcore, 0, 0x10);
      assertPresent(vmcore, 0x20, 0x30);
      assertThat(vmcore.physical().extentAt(0x10000))
          .isEqualTo(new Extent(0x10000, 0x7000, PageState.LOST));
      assertThat(vmcore.physical().extentAt(0x17000).state()).isEqualTo(PageState.EXCLUDED);
      assertThat(Reading.bytes(vmcore.physical(), 0xe000, 0x4000)).hasSize(0x1000);
      assertThat(Reading.bytes(vmcore.physical(), 0x10000, 1)).isEmpty();
      assertThat(vmcore.physical().lossAt(0x10000).orElseThrow().message())
          .isEqualTo("page frame 0x10: in a part of the split dump that was not given (--part)");
      assertThat(vmcore.isDamaged()).isTrue();
      assertThat(vmcore.findings())
          .extracting(Finding::message)
          .contains("one of a split set: 14 of 42 pages are in parts that were not given (--part)");
    }
  }

  @Test
  void aDuplicateIsRefused() throws Exception {
    Path one = part(1);
    Path again = write("again", dump().part(0x10, 0x20));
    String message = ": holds page frames that %s holds, too: given twice?";
    assertRefused(again + message.formatted(one), one, again);
    assertRefused(one + message.formatted(one), one, part(0), one);
  }

  @Test
  void partsThatOverlapAreRefused() throws Exception {
    Path one = part(1);
    Path two = write("two", dump().part(0x1f, 0x30));
    assertRefused(two + ": holds page frames that " + one + " holds, too: given twice?", two, one);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tv_sec", "tv_usec", "header_version", "phys_base", "dump_level"})
  void aPartWithAnotherHeaderIsRefused(String field) throws Exception {
    Path one = part(0);
    Path other = write("other", dump().part(0x10, 0x20).set(field, 5));
    assertRefused(other + ": no part of " + one + ": it is of another dump", one, other);
  }

  @Test
  void aPartWithAnotherBitmapIsRefused() throws Exception {
    Path one = part(0);
    Path other = write("other", dump().page(7, Compression.ZLIB).part(0x10, 0x20));
    assertRefused(other + ": no part of " + one + ": it is of another dump", one, other);
  }

  @Test
  void aPartOfAnotherWordSizeIsRefused() throws Exception {
    Path one = part(0);
    KdumpBuilder dump = KdumpBuilder.le32().pages(0, 0x30, Compression.ZLIB);
    Path other = write("other", dump.part(0x10, 0x20));
    assertRefused(other + ": no part of " + one + ": it is of another dump", one, other);
  }

  @Test
  void aWholeDumpIsNoPart() throws Exception {
    Path one = part(0);
    Path whole = write("whole", dump());
    assertRefused(whole + ": no part of " + one + ": it is a whole dump", one, whole);
    assertRefused(one + ": no part of " + whole + ": that is not split", whole, one);
  }

  @Test
  void anElfDumpIsNoPart() throws Exception {
    Path one = part(0);
    Path elf = DumpBuilder.elf64().load(0x1000, 0x1000).writeTo(dir.resolve("elf"));
    assertRefused(elf + ": offset 0x0: no part of " + one + ": not a kdump file", one, elf);
    assertThatThrownBy(() -> open(elf, one).close())
        .isInstanceOf(VmcoreException.class)
        .hasMessageStartingWith(one + ": ");
  }

  @Test
  void aPartThatIsNotThereIsTold() throws Exception {
    Path gone = dir.resolve("gone");
    Path one = part(0);
    assertThatThrownBy(() -> open(one, gone).close())
        .isInstanceOf(VmcoreException.class)
        .hasMessageStartingWith(gone + ": no such file");
  }

  @Test
  void notesOfAnyPartAreTaken() throws Exception {
    KdumpBuilder dump = dump().vmcoreinfo("OSRELEASE=6.1.0");
    Path without =
        write("without", dump().vmcoreinfo("OSRELEASE=6.1.0").part(0, 0x20).set("size_note", 0));
    Path with = write("with", dump.part(0x20, 0x30));
    try (Vmcore vmcore = open(without, with)) {
      assertThat(vmcore.vmcoreInfo().flatMap(VmcoreInfo::osRelease)).contains("6.1.0");
      assertPresent(vmcore, 0, 0x30);
    }
  }

  @Test
  void aTruncatedPartLosesItsOwnPages() throws Exception {
    KdumpBuilder second = dump().part(0x10, 0x20);
    Path two = write("two", second.truncateAt(second.pageOffset(0x14)));
    try (Vmcore vmcore = open(part(0), two, part(2))) {
      assertPresent(vmcore, 0, 0x14);
      assertPresent(vmcore, 0x20, 0x30);
      assertThat(vmcore.physical().extentAt(0x14000).state()).isEqualTo(PageState.LOST);
      assertThat(vmcore.isDamaged()).isTrue();
      assertThat(vmcore.physical().lossAt(0x14000).orElseThrow().message())
          .contains("are not in the file");
    }
  }

  @Test
  void headersOfVersion2TellThePartIn32Bits() throws Exception {
    KdumpBuilder dump = KdumpBuilder.le32().version(2).pages(0, 8, Compression.ZLIB);
    Path one = write("one", dump.part(0, 3));
    Path two = write("two", dump.part(3, 8));
    try (Vmcore vmcore = open(one, two)) {
      assertThat(Reading.bytes(vmcore.physical(), 0, 0x8000))
          .isEqualTo(DumpBuilder.pattern(0, 0x8000));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "5, 5",
    "5, 4",
    "0x30, 0x40",
    "0, 0",
    "-1, -1",
    "-1, 0x10",
    "0x8000000000000000, -1",
    "0, -1",
    "0, 0x7fffffffffffffff"
  })
  void aPartOfNonsense(String start, String end) throws Exception {
    KdumpBuilder dump =
        dump().part(0, 0x30).set("start_pfn_64", decode(start)).set("end_pfn_64", decode(end));
    Path file = write("part", dump);
    try (Vmcore vmcore = open(file)) {
      byte[] page = Reading.bytes(vmcore.physical(), 0, 4096);
      boolean all = decode(start) == 0 && !end.equals("0");
      // 0, 0 is what a version before 6 would have: start_pfn and end_pfn count then.
      boolean old = start.equals("0") && end.equals("0");
      assertThat(page).isEqualTo(all || old ? Arrays.copyOf(dump.content(0), 4096) : new byte[0]);
      assertThat(vmcore.isDamaged()).isEqualTo(!all && !old);
    }
  }

  private static long decode(String number) {
    return number.startsWith("0x")
        ? Long.parseUnsignedLong(number.substring(2), 16)
        : Long.parseLong(number);
  }
}
