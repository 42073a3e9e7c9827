package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.testing.DumpBuilder.pattern;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.memory.Chunk;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;
import org.vmcore.open.Padding;
import org.vmcore.testing.CountingMemory;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.Reading;

/** Which chunks a table of PT_LOADs gives, and what is in them. */
class VmcoreListTest extends OpenedDump {
  private static final long MEMORY_SIZE = 1 << 20;

  private static Vmcore of(DumpBuilder headers, OpenOptions options) throws VmcoreException {
    CountingMemory memory = CountingMemory.pattern(MEMORY_SIZE);
    return Vmcore.of("oldmem", headers.ramImage().crashHeaders(), memory, options);
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
}
