package org.vmcore.format.kdump;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.vmcore.Vmcore;
import org.vmcore.codec.Compression;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.memory.Finding;
import org.vmcore.memory.PageState;
import org.vmcore.open.OpenOptions;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.KdumpBuilder;
import org.vmcore.testing.Reading;

/** Kdump-compressed dumps as images: reading, damage, life times. */
class KdumpTest extends OpenedKdump {
  // --- the headers

  @Test
  void aWrongPhysBaseIsNotBelieved() throws Exception {
    KdumpBuilder dump =
        KdumpBuilder.le64()
            .vmcoreinfo("NUMBER(phys_base)=62914560")
            .set("phys_base", 0x62914560)
            .page(2, Compression.RAW);
    try (Vmcore vmcore = open(dump)) {
      assertThat(vmcore.findings())
          .contains(
              Finding.info(
                  "kdump_header",
                  "sub header: phys_base is 0x62914560, VMCOREINFO's 0x3c00000: not believed"));
    }
  }

  // --- the image

  @Test
  void rangesOfBitmap1AreLoads() throws Exception {
    KdumpBuilder dump =
        KdumpBuilder.le64().page(2, Compression.ZLIB).excluded(3).page(0x10, Compression.RAW);
    try (Vmcore vmcore = open(dump)) {
      List<ProgramHeader> loads = vmcore.segments().stream().filter(ProgramHeader::isLoad).toList();
      assertThat(loads).extracting(ProgramHeader::paddr).containsExactly(0x2000L, 0x10000L);
      assertThat(loads).extracting(ProgramHeader::memsz).containsExactly(0x2000L, 0x1000L);
      assertThat(loads).extracting(ProgramHeader::filesz).containsExactly(0x2000L, 0x1000L);
      assertThat(loads).noneMatch(vmcore::isVirtualKnown);
      assertThat(vmcore.memorySize()).isEqualTo(0x3000);
      assertThat(vmcore.isDamaged()).isFalse();
    }
  }

  @Test
  void notesStandInTheImage() throws Exception {
    KdumpBuilder dump =
        KdumpBuilder.le64()
            .note("CORE", 6, new byte[] {1, 2, 3})
            .vmcoreinfo("OSRELEASE=6.1.0", "PAGESIZE=4096")
            .page(0, Compression.RAW);
    try (Vmcore vmcore = open(dump)) {
      assertThat(vmcore.notes()).hasSize(2);
      assertThat(vmcore.notes().getFirst().descriptor(10)).containsExactly(1, 2, 3);
      assertThat(vmcore.vmcoreInfo().orElseThrow().osRelease()).contains("6.1.0");
    }
  }

  @Test
  void memoryAbove4GiBOfA32BitMachine() throws Exception {
    KdumpBuilder dump = KdumpBuilder.le32().page(0x12_3456, Compression.ZLIB);
    try (Vmcore vmcore = open(dump)) {
      assertPage(vmcore, dump, 0x12_3456);
    }
  }

  @Test
  void aPageSizeOfTheCallersChoiceCutsChunksAndNotPages() throws Exception {
    KdumpBuilder dump = KdumpBuilder.le64().pages(0x10, 16, Compression.ZLIB);
    Path file = dump.writeTo(dir.resolve("dump"));
    try (Vmcore vmcore = Vmcore.open(file, OpenOptions.builder().pageSize(0x10000).build())) {
      assertThat(vmcore.pageSize()).isEqualTo(0x10000);
      assertPage(vmcore, dump, 0x1f);
    }
  }

  // --- reading

  @ParameterizedTest
  @EnumSource
  void readsOfEveryLengthAtEveryPlace(Compression how) throws Exception {
    KdumpBuilder dump = KdumpBuilder.le64().pages(0, 300, how);
    byte[] all = DumpBuilder.pattern(0, 300 * 4096);
    try (Vmcore vmcore = open(dump)) {
      Random random = new Random(1);
      for (int i = 0; i < 300; i++) {
        int at = random.nextInt(all.length);
        int length = random.nextInt(1, 1 << random.nextInt(1, 21));
        int end = Math.min(all.length, at + length);
        assertThat(Reading.bytes(vmcore.physical(), at, length))
            .isEqualTo(Arrays.copyOfRange(all, at, end));
      }
      assertThat(Reading.bytes(vmcore.physical(), 0, 2L * all.length)).isEqualTo(all);
    }
  }

  @ParameterizedTest
  @CsvSource({"4096, 3000", "65536, 800"})
  void threadsThatReadStraightAndAboutGetTheSameBytes(int blockSize, int pages) throws Exception {
    KdumpBuilder dump = KdumpBuilder.le64().blockSize(blockSize);
    byte[] content = dump.content(0);
    for (int pfn = 0; pfn < pages; pfn++) {
      byte[] page = content.clone();
      ByteBuffer.wrap(page).putInt(pfn).putInt(blockSize - 4, ~pfn);
      dump.page(pfn, page, pfn % 7 == 0 ? Compression.RAW : Compression.ZLIB);
    }
    try (Vmcore vmcore = open(dump)) {
      AtomicInteger role = new AtomicInteger();
      Reading.inThreads(
          () -> {
            int number = role.getAndIncrement();
            Random random = new Random(number);
            byte[] page = new byte[blockSize];
            for (int i = 0; i < pages; i++) {
              int pfn = number % 2 == 0 ? (i + 97 * number) % pages : random.nextInt(pages);
              MemorySegment dst = MemorySegment.ofArray(page);
              assertThat(vmcore.physical().read((long) pfn * blockSize, dst)).isEqualTo(blockSize);
              assertThat(ByteBuffer.wrap(page).getInt()).isEqualTo(pfn);
              assertThat(ByteBuffer.wrap(page).getInt(blockSize - 4)).isEqualTo(~pfn);
            }
            return true;
          });
    }
  }

  @Test
  void smallReadsOneBehindTheOther() throws Exception {
    KdumpBuilder dump = KdumpBuilder.le64().pages(0, 40, Compression.ZLIB);
    byte[] all = DumpBuilder.pattern(0, 40 * 4096);
    try (Vmcore vmcore = open(dump)) {
      for (int at = 0; at < all.length; at += 61) {
        assertThat(Reading.bytes(vmcore.physical(), at, 61))
            .isEqualTo(Arrays.copyOfRange(all, at, Math.min(at + 61, all.length)));
      }
    }
  }

  @Test
  void readingEndsAtWhatIsNotThere() throws Exception {
    KdumpBuilder dump =
        KdumpBuilder.le64()
            .pages(0, 2, Compression.ZLIB)
            .excluded(2)
            .page(3, Compression.ZLIB)
            .page(5, Compression.ZLIB);
    try (Vmcore vmcore = open(dump)) {
      assertThat(Reading.bytes(vmcore.physical(), 0x100, 0x6000)).hasSize(0x1f00);
      assertThat(Reading.bytes(vmcore.physical(), 0x2fff, 0x10)).isEmpty();
      assertThat(Reading.bytes(vmcore.physical(), 0x3fff, 0x1010)).hasSize(1);
      assertThat(state(vmcore, 0x2000)).isEqualTo(PageState.EXCLUDED);
      assertThat(state(vmcore, 0x4000)).isEqualTo(PageState.NOT_RAM);
      assertThat(vmcore.physical().lossAt(0x2000)).isEmpty();
      assertThat(vmcore.physical().lossAt(0x4000)).isEmpty();
      assertThat(vmcore.physical().lossAt(0x3000)).isEmpty();
    }
  }
}
