package org.vmcore.format.kdump;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.Vmcore;
import org.vmcore.codec.Compression;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Mapping;
import org.vmcore.memory.PageState;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.KdumpBuilder;
import org.vmcore.testing.Reading;
import org.vmcore.values.Bytes;

/** Pages of a kdump-compressed dump that are damaged, or only look so. */
class KdumpDamagedPagesTest extends OpenedKdump {
  // --- damaged pages

  /** Pages 0 to 4; page 2 is damaged. The dump opens, and nothing but page 2 is lost. */
  private void assertLost(KdumpBuilder dump, long offset, String why) throws Exception {
    try (Vmcore vmcore = open(dump)) {
      for (int round = 0; round < 2; round++) {
        assertThat(Reading.bytes(vmcore.physical(), 0x1800, 0x2000)).hasSize(0x800);
        assertThat(Reading.bytes(vmcore.physical(), 0x2000, 1)).isEmpty();
        assertThat(vmcore.physical().extentAt(0x2abc))
            .isEqualTo(new Extent(0x2000, 0x1000, PageState.LOST));
        assertThat(vmcore.physical().lossAt(0x2fff).orElseThrow())
            .isEqualTo(Finding.error("pages", offset, "page frame 0x2: " + why));
        for (int pfn : new int[] {0, 1, 3, 4}) {
          assertPage(vmcore, dump, pfn);
          assertThat(vmcore.physical().lossAt((long) pfn << 12)).isEmpty();
        }
      }
    }
  }

  private static KdumpBuilder five() {
    return KdumpBuilder.le64().pages(0, 5, Compression.ZLIB);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "RAW")
  void aPageThatDecompressesToTooLittleIsLost(Compression how) throws Exception {
    KdumpBuilder dump = five().page(2, new byte[4095], how);
    assertLost(dump, dump.pageOffset(2), how.label() + ": 4095 bytes come out, not 4096");
  }

  @Test
  void aPageThatDecompressesToTooMuchIsLost() throws Exception {
    KdumpBuilder dump = five().page(2, new byte[4097], Compression.ZLIB);
    int size = Math.toIntExact(dump.build().length - dump.pageOffset(2));
    assertThat(size).isPositive();
    try (Vmcore vmcore = open(dump)) {
      assertThat(Reading.bytes(vmcore.physical(), 0x2000, 0x1000)).isEmpty();
      assertThat(vmcore.physical().lossAt(0x2000).orElseThrow().message())
          .startsWith("page frame 0x2: zlib: more than 4096 bytes (byte ");
      assertPage(vmcore, dump, 3);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "RAW")
  void aPageThatIsNoStreamIsLost(Compression how) throws Exception {
    byte[] nonsense = new byte[100];
    Arrays.fill(nonsense, (byte) 0xee);
    KdumpBuilder dump = five().stored(2, nonsense, how);
    try (Vmcore vmcore = open(dump)) {
      assertThat(state(vmcore, 0x2000)).isEqualTo(PageState.PRESENT);
      assertThat(Reading.bytes(vmcore.physical(), 0, 0x5000)).hasSize(0x2000);
      assertThat(state(vmcore, 0x2000)).isEqualTo(PageState.LOST);
      Finding loss = vmcore.physical().lossAt(0x2000).orElseThrow();
      assertThat(loss.offset()).hasValue(dump.pageOffset(2));
      assertThat(loss.message()).startsWith("page frame 0x2: " + how.label() + ": ");
      assertThat(Reading.bytes(vmcore.physical(), 0x3000, 0x2000)).hasSize(0x2000);
    }
  }

  @Test
  void aDamagedPageInARunThatIsReadAtOnce() throws Exception {
    KdumpBuilder dump = KdumpBuilder.le64().pages(0, 500, Compression.ZLIB);
    dump.patch(dump.pageOffset(250) + 5, (byte) 0xee, (byte) 0xee, (byte) 0xee);
    try (Vmcore vmcore = open(dump)) {
      byte[] all = DumpBuilder.pattern(0, 500 * 4096);
      assertThat(Reading.bytes(vmcore.physical(), 0, all.length))
          .isEqualTo(Arrays.copyOf(all, 250 * 4096));
      assertThat(state(vmcore, 249 << 12)).isEqualTo(PageState.PRESENT);
      assertThat(state(vmcore, 250 << 12)).isEqualTo(PageState.LOST);
      assertThat(state(vmcore, 251 << 12)).isEqualTo(PageState.PRESENT);
      assertThat(Reading.bytes(vmcore.physical(), 251 << 12, all.length))
          .isEqualTo(Arrays.copyOfRange(all, 251 * 4096, all.length));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "offset, 0, offset is 0: there was no room for the page when it was dumped",
    "offset, -1, 46 bytes at offset 0xffffffffffffffff are not in the file",
    "offset, 0x8000000000000000, 46 bytes at offset 0x8000000000000000 are not in the file",
    "offset, 0x7fffffffffffffff, 46 bytes at offset 0x7fffffffffffffff are not in the file",
    "offset, 0x10000000, 46 bytes at offset 0x10000000 are not in the file",
    "size, 0, size is 0; with blocks of 4096",
    "size, 0xffffffff, size is 4294967295; with blocks of 4096",
    "size, 0x80000000, size is 2147483648; with blocks of 4096",
    "size, 8193, size is 8193; with blocks of 4096",
    "flags, 0, size is 46; with blocks of 4096",
    "flags, 3, flags 0x3 name several codecs",
    "flags, 0x27, flags 0x27 name several codecs",
    "flags, 0xffffffff, flags 0xffffffff name several codecs"
  })
  void aDescriptorThatCantBe(String field, String value, String why) throws Exception {
    long number =
        value.startsWith("0x")
            ? Long.parseUnsignedLong(value.substring(2), 16)
            : Long.decode(value);
    KdumpBuilder dump = five().page(2, new byte[4096], Compression.ZLIB);
    byte[] zeros = new byte[46];
    Arrays.fill(zeros, (byte) 0x78);
    dump.stored(2, zeros, Compression.ZLIB).set("page[2]." + field, number);
    assertLost(dump, 0x4000 + 2 * 24, "page descriptor: " + why.replace(';', ','));
  }

  @ParameterizedTest
  @ValueSource(longs = {8, 0x10, 0x40, 0x80, 0x7fff_ffd8, 0xffff_ffd8L})
  void otherFlagsDontMatter(long flags) throws Exception {
    KdumpBuilder dump = five().set("page[2].flags", 1 | flags).set("page[3].page_flags", -1);
    try (Vmcore vmcore = open(dump)) {
      assertPage(vmcore, dump, 2);
      assertPage(vmcore, dump, 3);
    }
  }

  @Test
  void pagesMayOverlapEachOtherAndTheHeaders() throws Exception {
    KdumpBuilder dump = five().page(2, Compression.RAW).set("page[2].offset", 1);
    byte[] file = dump.build();
    dump.page(3, Compression.RAW).set("page[3].offset", 2).set("page[3].size", 4096);
    try (Vmcore vmcore = open(dump)) {
      assertThat(Reading.bytes(vmcore.physical(), 0x2000, 0x400))
          .isEqualTo(Arrays.copyOfRange(file, 1, 0x401));
      assertThat(Reading.bytes(vmcore.physical(), 0x3000, 0x400))
          .isEqualTo(Arrays.copyOfRange(file, 2, 0x402));
      assertThat(vmcore.isDamaged()).isFalse();
    }
  }

  @Test
  void verifyAndPagesCountWhatIsKnownToBeLost() throws Exception {
    KdumpBuilder dump = five().excluded(5).set("page[2].offset", 0);
    try (Vmcore vmcore = open(dump)) {
      assertThat(vmcore.verify())
          .extracting(Finding::message)
          .contains("page frames: 4 present, 1 excluded, 1 lost, 0 not ram");
    }
  }

  @Test
  void aMappingCopiesAndListsWhatIsNotPresent() throws Exception {
    KdumpBuilder dump = five().excluded(5).set("page[2].offset", 0);
    try (Vmcore vmcore = open(dump);
        Mapping mapping = vmcore.map(0, vmcore.size())) {
      assertThat(mapping.kind()).isEqualTo(Mapping.Kind.COPIED);
      long first = vmcore.segments().getLast().offset();
      assertThat(mapping.missing())
          .containsExactly(
              new Extent(first + 0x2000, 0x1000, PageState.LOST),
              new Extent(first + 0x5000, 0x1000, PageState.EXCLUDED));
      MemorySegment expected = MemorySegment.ofArray(new byte[0x6000]);
      for (int pfn : new int[] {0, 1, 3, 4}) {
        Bytes.copy(MemorySegment.ofArray(dump.content(pfn)), 0, expected, (long) pfn << 12, 4096);
      }
      assertThat(mapping.bytes().asSlice(first, 0x6000).mismatch(expected)).isEqualTo(-1);
    }
  }
}
