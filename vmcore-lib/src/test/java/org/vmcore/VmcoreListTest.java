package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.testing.DumpBuilder.pattern;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.memory.Chunk;
import org.vmcore.memory.Finding;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;
import org.vmcore.open.Padding;
import org.vmcore.testing.CountingMemory;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.Reading;

/** Which chunks a table of PT_LOADs gives, and what is in them. */
class VmcoreListTest {
  private static final long MEMORY_SIZE = 1 << 20;

  @TempDir Path dir;

  private static Vmcore of(DumpBuilder headers, OpenOptions options) throws VmcoreException {
    CountingMemory memory = CountingMemory.pattern(MEMORY_SIZE);
    return Vmcore.of("oldmem", headers.ramImage().crashHeaders(), memory, options);
  }

  private Vmcore open(DumpBuilder dump) throws IOException {
    return Vmcore.open(dump.writeTo(dir.resolve("dump")));
  }

  /** The chunks behind the header: kind, image offset + size, address in old memory. */
  private static List<String> loads(DumpBuilder headers, OpenOptions options)
      throws VmcoreException {
    try (Vmcore vmcore = of(headers, options)) {
      assertThat(vmcore.chunks().getFirst().content()).isEqualTo(Chunk.Content.HEADER);
      return vmcore.chunks().stream().skip(1).map(VmcoreListTest::text).toList();
    }
  }

  private static List<String> loads(DumpBuilder headers) throws VmcoreException {
    return loads(headers, OpenOptions.DEFAULT);
  }

  private static String text(Chunk chunk) {
    String kind =
        switch (chunk) {
          case Chunk.OldMem _ -> "OLDMEM";
          case Chunk.Buffer _ -> "BUFFER";
        };
    return "%s %x+%x from %x"
        .formatted(kind, chunk.offset(), chunk.size(), chunk.source().orElseThrow());
  }

  private static List<String> findings(Vmcore vmcore, Finding.Severity severity) {
    return vmcore.findings().stream()
        .filter(finding -> finding.severity() == severity)
        .map(Finding::message)
        .toList();
  }

  @Test
  void wholePagesStayInOldMemory() throws Exception {
    assertThat(loads(DumpBuilder.elf64().load(0x2000, 0x3000)))
        .containsExactly("OLDMEM 1000+3000 from 2000");
  }

  @Test
  void aFractionalStartIsAHeadBuffer() throws Exception {
    assertThat(loads(DumpBuilder.elf64().load(0x2400, 0x1c00)))
        .containsExactly("BUFFER 1000+1000 from 2000", "OLDMEM 2000+1000 from 3000");
  }

  @Test
  void aFractionalEndIsATailBuffer() throws Exception {
    assertThat(loads(DumpBuilder.elf64().load(0x2000, 0x1001)))
        .containsExactly("OLDMEM 1000+1000 from 2000", "BUFFER 2000+1000 from 3000");
  }

  @Test
  void headAndTailMayMeet() throws Exception {
    assertThat(loads(DumpBuilder.elf64().load(0x2fff, 2)))
        .containsExactly("BUFFER 1000+1000 from 2000", "BUFFER 2000+1000 from 3000");
  }

  @Test
  void aLoadInsideOnePageIsOneBuffer() throws Exception {
    assertThat(loads(DumpBuilder.elf64().load(0x2010, 0x20)))
        .containsExactly("BUFFER 1000+1000 from 2000");
    assertThat(loads(DumpBuilder.elf64().load(0x2000, 0x20)))
        .containsExactly("BUFFER 1000+1000 from 2000");
    assertThat(loads(DumpBuilder.elf64().load(0x2ff0, 0x10)))
        .containsExactly("BUFFER 1000+1000 from 2000");
  }

  @Test
  void severalLoadsInOnePageGetAPageEach() throws Exception {
    DumpBuilder headers =
        DumpBuilder.elf64().load(0x2010, 0x20).load(0x2100, 0x80).load(0x2800, 0x1000);
    assertThat(loads(headers))
        .containsExactly(
            "BUFFER 1000+1000 from 2000", "BUFFER 2000+1000 from 2000",
            "BUFFER 3000+1000 from 2000", "BUFFER 4000+1000 from 3000");
    try (Vmcore vmcore = of(headers, OpenOptions.DEFAULT)) {
      assertThat(Reading.bytes(vmcore, 0x1000, 0x40))
          .startsWith(new byte[0x10])
          .endsWith(new byte[0x10])
          .contains(pattern(0x2010, 0x20));
      assertThat(Reading.bytes(vmcore, 0x2100, 0x80)).isEqualTo(pattern(0x2100, 0x80));
      assertThat(Reading.bytes(vmcore, 0x2010, 0x20)).containsOnly(0);
    }
  }

  @Test
  void mainlineHasOneChunkOfWholePages() throws Exception {
    DumpBuilder headers = DumpBuilder.elf64().load(0x2400, 0x1000).load(0x2010, 0x20);
    OpenOptions mainline = OpenOptions.builder().padding(Padding.OLDMEM).build();
    assertThat(loads(headers, mainline))
        .containsExactly("OLDMEM 1000+2000 from 2000", "OLDMEM 3000+1000 from 2000");
    try (Vmcore vmcore = of(headers, mainline)) {
      assertThat(Reading.bytes(vmcore, 0x1000, 0x2000)).isEqualTo(pattern(0x2000, 0x2000));
    }
  }

  @Test
  void anEmptyLoadHasNoPageUnlessItsAddressIsInsideOne() throws Exception {
    DumpBuilder headers = DumpBuilder.elf64().load(0x2000, 0).load(0x5010, 0).load(0x3000, 0x1000);
    assertThat(loads(headers))
        .containsExactly("BUFFER 1000+1000 from 5000", "OLDMEM 2000+1000 from 3000");
    try (Vmcore vmcore = of(headers, OpenOptions.DEFAULT)) {
      assertThat(vmcore.segments())
          .extracting(ProgramHeader::offset)
          .containsExactly(0x1000L, 0x1010L, 0x2000L);
      assertThat(Reading.bytes(vmcore, 0x1000, 0x1000)).containsOnly(0);
    }
  }

  @Test
  void whatIsNotInTheFileIsExcluded() throws Exception {
    try (Vmcore vmcore = open(DumpBuilder.elf64().load(0x2000, 0x1800).memsz(0x4000))) {
      assertThat(Reading.bytes(vmcore, 0x1000, 0x4000)).isEqualTo(pattern(0x2000, 0x1800));
      assertThat(vmcore.extentAt(0x2800).state()).isEqualTo(PageState.EXCLUDED);
      assertThat(vmcore.size()).isEqualTo(0x5000);
      assertThat(vmcore.segments().getFirst().filesz()).isEqualTo(0x1800);
      assertThat(vmcore.segments().getFirst().memsz()).isEqualTo(0x4000);
    }
  }

  @Test
  void aLoadWithoutFileBytesIsExcludedAsAWhole() throws Exception {
    try (Vmcore vmcore = open(DumpBuilder.elf64().excluded(0x2100, 0x3000).load(0x9000, 0x1000))) {
      assertThat(Reading.bytes(vmcore, 0x1100, 1)).isEmpty();
      assertThat(vmcore.extentAt(0x1100).state()).isEqualTo(PageState.EXCLUDED);
      assertThat(Reading.bytes(vmcore, 0x5000, 0x1000)).isEqualTo(pattern(0x9000, 0x1000));
    }
  }

  @Test
  void moreInTheFileThanInMemoryIsPassedOver() throws Exception {
    try (Vmcore vmcore =
        open(DumpBuilder.elf64().load(0x2000, 0x2000).memsz(0x800).load(0x9000, 0x1000))) {
      assertThat(vmcore.size()).isEqualTo(0x3000);
      assertThat(Reading.bytes(vmcore, 0x1000, 0x800)).isEqualTo(pattern(0x2000, 0x800));
      assertThat(Reading.bytes(vmcore, 0x2000, 0x1000)).isEqualTo(pattern(0x9000, 0x1000));
    }
  }

  @Test
  void overlappingLoadsEachKeepTheirOwnBytes() throws Exception {
    byte[] first = pattern(7, 0x2000);
    byte[] second = pattern(9, 0x2000);
    try (Vmcore vmcore = open(DumpBuilder.elf64().load(0x3000, first).load(0x4000, second))) {
      assertThat(Reading.bytes(vmcore, 0x1000, 0x2000)).isEqualTo(first);
      assertThat(Reading.bytes(vmcore, 0x3000, 0x2000)).isEqualTo(second);
      assertThat(Reading.bytes(vmcore.physical(), 0x4000, 0x1000))
          .isEqualTo(Arrays.copyOfRange(first, 0x1000, 0x2000));
      assertThat(vmcore.memorySize()).isEqualTo(0x3000);
    }
  }

  @Test
  void whereLoadsOverlapPresentBytesWinOverExcludedOnes() throws Exception {
    try (Vmcore vmcore = open(DumpBuilder.elf64().excluded(0x3000, 0x2000).load(0x4000, 0x1000))) {
      assertThat(Reading.bytes(vmcore.physical(), 0x4000, 0x1000))
          .isEqualTo(pattern(0x4000, 0x1000));
      assertThat(vmcore.physical().extentAt(0x3fff).state()).isEqualTo(PageState.EXCLUDED);
    }
  }

  @Test
  void unsortedLoadsKeepTheTablesOrder() throws Exception {
    assertThat(loads(DumpBuilder.elf64().load(0x9000, 0x1000).load(0x2000, 0x1000)))
        .containsExactly("OLDMEM 1000+1000 from 9000", "OLDMEM 2000+1000 from 2000");
  }

  @Test
  void fileOffsetsNeedNotBeCongruentToPhysicalAddresses() throws Exception {
    DumpBuilder dump =
        DumpBuilder.elf64().packed().load(0x2000, 0x1234).load(0x9800, 0x1000).load(0x4000, 0x10);
    try (Vmcore vmcore = open(dump)) {
      assertThat(vmcore.segments())
          .extracting(ProgramHeader::offset)
          .containsExactly(0x1000L, 0x3800L, 0x5000L);
      assertThat(Reading.bytes(vmcore, 0x1000, 0x1234)).isEqualTo(pattern(0x2000, 0x1234));
      assertThat(Reading.bytes(vmcore, 0x3800, 0x1000)).isEqualTo(pattern(0x9800, 0x1000));
      assertThat(Reading.bytes(vmcore.physical(), 0x9800, 0x1000))
          .isEqualTo(pattern(0x9800, 0x1000));
      assertThat(Reading.bytes(vmcore, 0x5000, 0x1000)).startsWith(pattern(0x4000, 0x10));
    }
  }

  @Test
  void aPhysicalRangeThatWrapsIsRefusedByName() throws Exception {
    try (Vmcore vmcore = open(DumpBuilder.elf64().load(-0x800L, 0x1000).load(0x2000, 0x1000))) {
      assertThat(findings(vmcore, Finding.Severity.ERROR))
          .containsExactly(
              "program header 0 (LOAD): p_paddr 0xfffffffffffff800 + p_memsz 0x1000 wraps past"
                  + " 2^64");
      assertThat(vmcore.isDamaged()).isTrue();
      assertThat(Reading.bytes(vmcore.physical(), 0x2000, 0x1000))
          .isEqualTo(pattern(0x2000, 0x1000));
    }
  }

  @Test
  void aLoadMayEndWithTheAddressSpace() throws Exception {
    try (Vmcore vmcore = open(DumpBuilder.elf64().load(-0x1000L, 0x1000))) {
      assertThat(vmcore.isDamaged()).isFalse();
      assertThat(Reading.bytes(vmcore.physical(), -0x1000, 0x1000))
          .isEqualTo(pattern(-0x1000, 0x1000));
      assertThat(Reading.bytes(vmcore.physical(), -1, 2)).isEqualTo(pattern(-1, 1));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 0x10000, -0x10000})
  void aNonsenseSizeIsRefusedByName(long memsz) throws Exception {
    try (Vmcore vmcore =
        open(DumpBuilder.elf64().load(0x2000, 0x1000).load(0, 0x1000).memsz(memsz))) {
      assertThat(findings(vmcore, Finding.Severity.ERROR))
          .singleElement()
          .asString()
          .startsWith("program header 1 (LOAD): p_")
          .contains("0x" + Long.toHexString(memsz));
      assertThat(vmcore.segments()).hasSize(1);
      assertThat(Reading.bytes(vmcore, 0x1000, 0x1000)).isEqualTo(pattern(0x2000, 0x1000));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, -0x1000})
  void aNonsensePlaceInTheFileIsRefusedByName(long offset) throws Exception {
    DumpBuilder dump =
        DumpBuilder.elf64().load(0, 0x1000).field("p_offset", offset).load(0x2000, 0x1000);
    try (Vmcore vmcore = open(dump)) {
      assertThat(findings(vmcore, Finding.Severity.ERROR))
          .singleElement()
          .asString()
          .startsWith("program header 0 (LOAD): p_offset 0x" + Long.toHexString(offset));
      assertThat(Reading.bytes(vmcore, 0x1000, 0x1000)).isEqualTo(pattern(0x2000, 0x1000));
    }
  }

  @Test
  void manySegmentsThatTogetherAreTooLargeAreRefusedOneByOne() throws Exception {
    DumpBuilder dump = DumpBuilder.elf64();
    for (int i = 0; i < 4; i++) {
      dump.excluded(0, 1L << 61);
    }
    try (Vmcore vmcore = open(dump.load(0x2000, 0x1000))) {
      assertThat(findings(vmcore, Finding.Severity.ERROR))
          .singleElement()
          .asString()
          .startsWith("program header 3 ");
      assertThat(Reading.bytes(vmcore.physical(), 0x2000, 0x1000))
          .isEqualTo(pattern(0x2000, 0x1000));
    }
  }

  @Test
  void headersThatAreNeitherLoadNorNoteAreLeftOut() throws Exception {
    try (Vmcore vmcore =
        open(DumpBuilder.elf64().segment(0x7000_0000, new byte[8]).load(0x2000, 0x1000))) {
      assertThat(vmcore.segments()).singleElement().matches(ProgramHeader::isLoad);
      assertThat(vmcore.isDamaged()).isFalse();
    }
  }

  @Test
  void programHeadersMayStandAnywhere() throws Exception {
    try (Vmcore vmcore =
        open(DumpBuilder.elf64().programHeadersLast().prstatus(1, 11).load(0x2000, 0x1000))) {
      assertThat(vmcore.header().phoff()).isEqualTo(64);
      assertThat(Reading.bytes(vmcore, 0x2000, 0x1000)).isEqualTo(pattern(0x2000, 0x1000));
    }
  }

  @Test
  void aDumpAsQemuWritesItGetsASaneHeader() throws Exception {
    DumpBuilder dump =
        DumpBuilder.elf64()
            .programHeadersAt(192)
            .set("e_ehsize", 8)
            .set("e_shoff", 64)
            .set("e_shnum", 2)
            .packed()
            .qemuCpuState(1, 2, 3)
            .load(0, 0x2000)
            .load(0xfffc_0000L, 0x1000);
    try (Vmcore vmcore = open(dump)) {
      assertThat(vmcore.header().ehsize()).isEqualTo(64);
      assertThat(vmcore.header().phoff()).isEqualTo(64);
      assertThat(vmcore.header().shoff()).isZero();
      assertThat(vmcore.header().shnum()).isZero();
      assertThat(Reading.bytes(vmcore.physical(), 0xfffc_0000L, 0x1000))
          .isEqualTo(pattern(0xfffc_0000L, 0x1000));
    }
  }

  @Test
  void theCountMayStandInSectionZero() throws Exception {
    try (Vmcore vmcore =
        open(DumpBuilder.elf64().extendedCount().load(0x2000, 0x1000).load(0x4000, 0x1000))) {
      assertThat(vmcore.header().phnum()).isEqualTo(2);
      assertThat(vmcore.header().shnum()).isZero();
      assertThat(Reading.bytes(vmcore.physical(), 0x4000, 0x1000))
          .isEqualTo(pattern(0x4000, 0x1000));
    }
  }

  @Test
  void seventyThousandSegmentsAreExportedWithTheirCountInSectionZero() throws Exception {
    DumpBuilder dump = DumpBuilder.elf64().packed();
    for (int i = 0; i < 70_000; i++) {
      dump.load(0x1000L * i + 0x10, 2);
    }
    try (Vmcore vmcore = open(dump)) {
      assertThat(vmcore.segments()).hasSize(70_000);
      assertThat(vmcore.chunks()).hasSize(70_001);
      assertThat(vmcore.header().phnum()).isEqualTo(0xffff);
      long section = vmcore.header().shoff();
      assertThat(section).isEqualTo(64 + 70_000 * 56);
      assertThat(Reading.bytes(vmcore, section + 44, 4)).containsExactly(0x70, 0x11, 0x01, 0x00);
      long last = vmcore.size() - 0x1000;
      assertThat(Reading.bytes(vmcore, last + 0x10, 2))
          .isEqualTo(pattern(0x1000L * 69_999 + 0x10, 2));
      assertThat(Reading.bytes(vmcore.physical(), 0x1000L * 1234 + 0x10, 2))
          .isEqualTo(pattern(0x1000L * 1234 + 0x10, 2));
    }
  }

  @Test
  void whatTheHeaderSaysOtherwiseSurvives() throws Exception {
    try (Vmcore vmcore =
        open(
            DumpBuilder.elf64()
                .set("e_entry", 0x1234_5678_9abcL)
                .set("e_flags", 0x8000_0000L)
                .set("EI_OSABI", 3)
                .set("EI_ABIVERSION", 4)
                .set("EI_PAD", 5)
                .load(0x2000, 0x1000)
                .field("p_flags", 5)
                .field("p_align", 0x1000))) {
      assertThat(vmcore.header().entry()).isEqualTo(0x1234_5678_9abcL);
      assertThat(vmcore.header().flags()).isEqualTo(0x8000_0000);
      assertThat(Reading.bytes(vmcore, 7, 3)).containsExactly(3, 4, 5);
      assertThat(vmcore.segments().getFirst().flags()).isEqualTo(5);
      assertThat(vmcore.segments().getFirst().align()).isEqualTo(0x1000);
    }
  }

  @Test
  void thePageSizeIsWhatVmcoreinfoTells() throws Exception {
    DumpBuilder dump =
        DumpBuilder.elf64().pageSize(0x10000).vmcoreinfo("PAGESIZE=65536").load(0x12000, 0x1000);
    try (Vmcore vmcore = open(dump)) {
      assertThat(vmcore.pageSize()).isEqualTo(0x10000);
      assertThat(vmcore.segments().getLast().offset()).isEqualTo(0x22000);
      assertThat(vmcore.size()).isEqualTo(0x30000);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-4096", "4095", "1024", "4194304", "99999999999999999999", "x", ""})
  void aPageSizeThatCantBeIsToldAndNotUsed(String size) throws Exception {
    try (Vmcore vmcore =
        open(DumpBuilder.elf64().vmcoreinfo("PAGESIZE=" + size).load(0x2000, 0x1000))) {
      assertThat(vmcore.pageSize()).isEqualTo(4096);
      assertThat(findings(vmcore, Finding.Severity.WARNING))
          .containsExactly("VMCOREINFO: PAGESIZE is " + size + "; 4096 is used");
    }
  }
}
