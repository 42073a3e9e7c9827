package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.codec.Compression;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Mapping;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.KdumpBuilder;
import org.vmcore.testing.Reading;

/** Kdump-compressed dumps as images: reading, damage, life times. */
class KdumpTest {
  @TempDir Path dir;

  private Vmcore open(KdumpBuilder dump) throws Exception {
    return Vmcore.open(dump.writeTo(dir.resolve("dump")));
  }

  private static PageState state(Vmcore vmcore, long address) throws VmcoreException {
    return vmcore.physical().extentAt(address).state();
  }

  private static void assertPage(Vmcore vmcore, KdumpBuilder dump, long pfn) throws Exception {
    assertThat(state(vmcore, pfn << 12)).as("page %s", pfn).isEqualTo(PageState.PRESENT);
    assertThat(Reading.bytes(vmcore.physical(), pfn << 12, 4096))
        .as("page %s", pfn)
        .isEqualTo(dump.content(pfn));
  }

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
      assertThat(vmcore.descriptor(vmcore.notes().getFirst(), 10)).containsExactly(1, 2, 3);
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
        MemorySegment.copy(
            MemorySegment.ofArray(dump.content(pfn)), 0, expected, (long) pfn << 12, 4096);
      }
      assertThat(mapping.bytes().asSlice(first, 0x6000).mismatch(expected)).isEqualTo(-1);
    }
  }

  // --- life times

  private static String readUntilClosed(Vmcore vmcore, CountDownLatch started) {
    MemorySegment dst = MemorySegment.ofArray(new byte[0x3000]);
    try {
      for (long at = 0; ; at = (at + 0x2800) % 0x7_0000) {
        vmcore.physical().read(at, dst);
        vmcore.physical().extentAt(at);
        vmcore.physical().lossAt(at);
        started.countDown();
      }
    } catch (VmcoreException e) {
      return e.reason();
    }
  }

  private static void closeWhileReading(Vmcore vmcore) throws Exception {
    CountDownLatch started = new CountDownLatch(Reading.THREADS);
    try (ExecutorService threads = Executors.newFixedThreadPool(Reading.THREADS)) {
      List<Future<String>> readers =
          IntStream.range(0, Reading.THREADS)
              .mapToObj(_ -> threads.submit(() -> readUntilClosed(vmcore, started)))
              .toList();
      started.await();
      vmcore.close();
      for (Future<String> reader : readers) {
        assertThat(reader.get()).isEqualTo("the dump is closed");
      }
    }
  }

  @Test
  void closingWhileEightThreadsReadEndsThemWithAnException() throws Exception {
    Path file = KdumpBuilder.le64().pages(0, 128, Compression.ZLIB).writeTo(dir.resolve("dump"));
    for (int round = 0; round < 30; round++) {
      closeWhileReading(Vmcore.open(file));
    }
  }

  @Test
  void theSameWhereTheFileIsReadPieceByPiece() throws Exception {
    try (FileSystem jimfs = Jimfs.newFileSystem(Configuration.unix())) {
      Path file =
          KdumpBuilder.le64().pages(0, 128, Compression.ZLIB).writeTo(jimfs.getPath("dump"));
      for (int round = 0; round < 10; round++) {
        closeWhileReading(Vmcore.open(file));
      }
    }
  }

  /** More pages than are read ahead. */
  private static KdumpBuilder large() {
    return KdumpBuilder.le64()
        .vmcoreinfo("OSRELEASE=6.1.0")
        .pages(0, 1000, Compression.LZO1X)
        .pages(1000, 200, Compression.RAW);
  }

  @Test
  void aFileTruncatedWhileItIsReadGivesAnException() throws Exception {
    KdumpBuilder dump = large();
    Path file = dump.writeTo(dir.resolve("dump"));
    try (Vmcore vmcore = Vmcore.open(file);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      assertPage(vmcore, dump, 3);
      channel.truncate(dump.pageOffset(100) & -4096);
      for (int pfn : new int[] {500, 501, 502, 1100, 1101}) {
        assertThatThrownBy(() -> Reading.bytes(vmcore.physical(), (long) pfn << 12, 4096))
            .isInstanceOf(VmcoreException.class)
            .hasMessageEndingWith("the file was truncated while it was open");
      }
      assertPage(vmcore, dump, 50);
    }
  }

  @Test
  void aFileTruncatedUnderItsDescriptorsGivesAnException() throws Exception {
    for (int round = 0; round < 20; round++) {
      Path file = large().writeTo(dir.resolve("dump"));
      try (Vmcore vmcore = Vmcore.open(file);
          FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(0x1000);
        assertThatThrownBy(() -> Reading.bytes(vmcore.physical(), 0x1000, 16))
            .isInstanceOf(VmcoreException.class);
        assertThatThrownBy(() -> vmcore.physical().extentAt(0x1000))
            .isInstanceOf(VmcoreException.class);
        assertThatThrownBy(vmcore::verify).isInstanceOf(VmcoreException.class);
        assertThatThrownBy(vmcore::vmcoreInfo).isInstanceOf(VmcoreException.class);
      }
    }
  }

  @Test
  void aFileTruncatedUnderManyReadersCrashesNobody() throws Exception {
    KdumpBuilder dump = large();
    for (int round = 0; round < 10; round++) {
      Path file = dump.writeTo(dir.resolve("dump"));
      AtomicInteger role = new AtomicInteger();
      try (Vmcore vmcore = Vmcore.open(file);
          FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        Reading.inThreads(
            () -> {
              int number = role.getAndIncrement();
              return number == 0 ? channel.truncate(0x3000) : readAll(vmcore, number);
            });
      }
    }
  }

  @Test
  void aBitmapThatChangesWhileItIsOpenDoesNoHarm() throws Exception {
    KdumpBuilder dump =
        KdumpBuilder.le64().pages(0, 5, Compression.ZLIB).pages(5000, 5, Compression.ZLIB);
    Path file = dump.writeTo(dir.resolve("dump"));
    byte[] ones = new byte[64];
    Arrays.fill(ones, (byte) 0xff);
    try (Vmcore vmcore = Vmcore.open(file);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      assertPage(vmcore, dump, 5000);
      channel.write(ByteBuffer.wrap(ones), 0x3000);
      Memory memory = vmcore.physical();
      for (long pfn = 0; pfn < 5; pfn++) {
        assertPage(vmcore, dump, pfn);
      }
      for (long pfn = 5000; pfn < 5005; pfn++) {
        Reading.bytes(memory, pfn << 12, 4096);
        Reading.bytes(memory, (pfn - 5000) << 12, 0x10000);
        assertThat(memory.extentAt(pfn << 12).contains(pfn << 12)).isTrue();
        memory.lossAt(pfn << 12);
      }
    }
  }

  private static long readAll(Vmcore vmcore, int seed) {
    MemorySegment dst = MemorySegment.ofArray(new byte[0x8000]);
    Random random = new Random(seed);
    long failed = 0;
    for (int i = 0; i < 300; i++) {
      try {
        vmcore.physical().read((long) random.nextInt(1200) << 12, dst);
      } catch (VmcoreException e) {
        assertThat(e.reason()).isEqualTo("the file was truncated while it was open");
        failed++;
      }
    }
    return failed;
  }
}
