package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.codec.Compression;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;
import org.vmcore.testing.ChildJvm;
import org.vmcore.testing.Exercise;
import org.vmcore.testing.HugeDump;
import org.vmcore.testing.KdumpBuilder;
import org.vmcore.testing.KdumpMutations;
import org.vmcore.testing.Reading;

/** Kdump-compressed dumps that are damaged, or were made to do harm. */
class KdumpBadInputTest {
  private static final int HEADER_SIZE = 464;

  @TempDir Path dir;

  private static KdumpBuilder small() {
    return KdumpBuilder.le64()
        .vmcoreinfo("OSRELEASE=6.1.0", "PAGESIZE=4096")
        .page(0, new byte[4096], Compression.ZLIB)
        .excluded(1)
        .page(2, new byte[4096], Compression.ZLIB)
        .same(3, 0)
        .page(20, new byte[4096], Compression.ZLIB);
  }

  private Vmcore open(KdumpBuilder dump) throws IOException {
    return Vmcore.open(dump.writeTo(dir.resolve("dump")));
  }

  private void assertRefused(KdumpBuilder dump, String message) throws IOException {
    Path file = dump.writeTo(dir.resolve("dump"));
    assertThatThrownBy(() -> Vmcore.open(file).close())
        .isInstanceOf(VmcoreException.class)
        .hasMessage(file + ": " + message);
  }

  private static void assertTold(Vmcore vmcore, String message) {
    assertThat(vmcore.isDamaged()).isTrue();
    assertThat(vmcore.findings()).extracting(Finding::message).contains(message);
  }

  private static PageState state(Vmcore vmcore, long pfn) throws VmcoreException {
    return vmcore.physical().extentAt(pfn << 12).state();
  }

  // --- the header

  @ParameterizedTest
  @CsvSource({
    "header_version, 0", "header_version, -1", "header_version, 0x7fffffff", "block_size, 0",
    "block_size, 3", "block_size, 0x80000000", "block_size, 4097", "block_size, 0x200000",
    "sub_hdr_size, 0", "bitmap_blocks, 0", "max_mapnr, 0x10001"
  })
  void aHeaderThatMakesNoSense(String field, String value) throws Exception {
    Path file = small().set(field, Long.decode(value)).writeTo(dir.resolve("dump"));
    assertThatThrownBy(() -> Vmcore.open(file).close())
        .isInstanceOf(VmcoreException.class)
        .hasMessageStartingWith(
            file + ": offset 0x1ac: kdump header: makes no sense with any word size and byte order")
        .hasMessageContaining("as 64-bit little-endian: header_version ");
  }

  @Test
  void aHeaderOf64BitsWhoseMicrosecondsLookLikeABlockSize() throws Exception {
    for (long usec = 4096; usec < 1_000_000; usec *= 2) {
      try (Vmcore vmcore = open(small().set("tv_usec", usec))) {
        assertThat(vmcore.header().elfClass().bits()).isEqualTo(64);
        assertThat(state(vmcore, 20)).isEqualTo(PageState.PRESENT);
      }
    }
  }

  @Test
  void aNewerVersionIsToldAndRead() throws Exception {
    try (Vmcore vmcore = open(small().set("header_version", 7))) {
      assertThat(vmcore.findings())
          .contains(Finding.warning("kdump_header", 8, "header_version is 7; read as 6"));
      assertThat(state(vmcore, 20)).isEqualTo(PageState.PRESENT);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0x8000000000000000", "0xffffffffffffffff", "0x8001", "0x10000000000"})
  void maxMapnrBeyondTheBitmaps(String value) throws Exception {
    long number = Long.parseUnsignedLong(value.substring(2), 16);
    KdumpBuilder dump = small().set("max_mapnr_64", number);
    try (Vmcore vmcore = open(dump)) {
      if (number == 0x8001) { // above half the bits: then bitmap1 is the only one
        assertThat(state(vmcore, 1)).isEqualTo(PageState.PRESENT);
        return;
      }
      assertTold(vmcore, "max_mapnr is " + value + ", more than the bitmaps can have: 0x10000");
    }
    Exercise.dump(dir.resolve("dump"), OpenOptions.DEFAULT);
  }

  @ParameterizedTest
  @CsvSource({"bitmap_blocks, 0xffffffff", "sub_hdr_size, 0xffffffff", "sub_hdr_size, 0x7fffffff"})
  void bitmapsBehindTheEndOfTheFile(String field, String value) throws Exception {
    try (Vmcore vmcore = open(small().set(field, Long.decode(value)))) {
      assertTold(vmcore, "the file ends in its bitmaps");
      assertThat(Reading.bytes(vmcore.physical(), 0, 1)).isEmpty();
    }
    Exercise.dump(dir.resolve("dump"), OpenOptions.DEFAULT);
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.SECONDS)
  void fourPebibytesThatAreLostAreQuicklyPassedOver() throws Exception {
    KdumpBuilder dump = small().set("bitmap_blocks", 0xffff_ffffL).set("max_mapnr_64", 1L << 40);
    try (Vmcore vmcore = open(dump)) {
      assertThat(vmcore.memorySize()).isGreaterThan(1L << 51);
      long start = System.nanoTime();
      vmcore.pages(range -> assertThat(range.count()).isPositive());
      assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
    }
  }

  @Test
  void noPageFramesAtAll() throws Exception {
    try (Vmcore vmcore = open(KdumpBuilder.le64().vmcoreinfo("OSRELEASE=6.1.0"))) {
      assertThat(vmcore.memorySize()).isZero();
      assertThat(vmcore.vmcoreInfo()).isPresent();
    }
    assertThat(Exercise.dump(dir.resolve("dump"), OpenOptions.DEFAULT)).isTrue();
  }

  // --- notes

  @ParameterizedTest
  @CsvSource({
    "offset_note, 0, note 0x0 + size_note 0x3e",
    "offset_note, -1, note 0xffffffffffffffff + size_note 0x3e",
    "offset_note, 0x7fffffffffffffff, note 0x7fffffffffffffff + size_note 0x3e",
    "size_note, -1, note 0x1080 + size_note 0xffffffffffffffff",
    "size_note, 0x7fffffffffffffff, note 0x1080 + size_note 0x7fffffffffffffff"
  })
  void notesInNoFileRange(String field, String value, String what) throws Exception {
    KdumpBuilder dump = small().set("size_note", 0x3e).set(field, Long.decode(value));
    try (Vmcore vmcore = open(dump)) {
      assertTold(vmcore, "sub header: offset_" + what + " is no file range");
      assertThat(state(vmcore, 20)).isEqualTo(PageState.PRESENT);
    }
    Exercise.dump(dir.resolve("dump"), OpenOptions.DEFAULT);
  }

  @ParameterizedTest
  @ValueSource(longs = {0x10_0000, 0x7fff_ffff_ffff_0000L})
  void notesBehindTheEndOfTheFile(long offset) throws Exception {
    try (Vmcore vmcore = open(small().set("offset_note", offset))) {
      assertThat(vmcore.notes()).isEmpty();
      assertThat(vmcore.isDamaged()).isTrue();
      assertThat(state(vmcore, 20)).isEqualTo(PageState.PRESENT);
    }
    Exercise.dump(dir.resolve("dump"), OpenOptions.DEFAULT);
  }

  @Test
  void notesThatTheFileEndsIn() throws Exception {
    try (Vmcore vmcore = open(small().truncateAt(0x10a0))) {
      assertThat(vmcore.isDamaged()).isTrue();
      assertThat(vmcore.vmcoreInfo().map(info -> info.text()).orElse("")).startsWith("OSREL");
    }
  }

  @Test
  void vmcoreinfoOfVersion3ThatTheFileEndsIn() throws Exception {
    try (Vmcore vmcore = open(small().version(3).truncateAt(0x1088))) {
      assertTold(vmcore, "vmcoreinfo: the file ends in it");
      assertThat(vmcore.vmcoreInfo().orElseThrow().text()).isEqualTo("OSRELEAS");
    }
  }

  // --- truncated files

  /** Everything is read; what is present equals what was dumped: zeros. */
  private static void assertPresentIsRight(Vmcore vmcore) throws VmcoreException {
    for (long pfn : new long[] {0, 1, 2, 3, 20}) {
      byte[] page = Reading.bytes(vmcore.physical(), pfn << 12, 4096);
      assertThat(page).isIn(new byte[0], new byte[4096]);
      assertThat(page.length == 4096).isEqualTo(state(vmcore, pfn) == PageState.PRESENT);
      assertThat(vmcore.physical().lossAt(pfn << 12).isPresent())
          .isEqualTo(state(vmcore, pfn) == PageState.LOST);
    }
  }

  /** Sizes at which something ends; where nothing stands in the file a few do. */
  private static boolean isWorthIt(int size) {
    return size < HEADER_SIZE + 8
        || (size >= 0x1000 && size < 0x10d0)
        || (size & 0xfff) < 8
        || size >= 0x4000
        || size % 61 == 0;
  }

  @Test
  void aDumpTruncatedAnywhere() throws Exception {
    KdumpBuilder dump = small();
    Path file = dump.writeTo(dir.resolve("dump"));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      int whole = (int) channel.size();
      for (int size = whole; size > 0; size--) {
        if (!isWorthIt(size)) {
          continue;
        }
        channel.truncate(size);
        assertThat(Exercise.dump(file, OpenOptions.DEFAULT))
            .as("size %s", size)
            .isEqualTo(size >= HEADER_SIZE);
        if (size >= HEADER_SIZE) {
          try (Vmcore vmcore = Vmcore.open(file)) {
            assertPresentIsRight(vmcore);
            assertThat(vmcore.isDamaged()).as("size %s", size).isEqualTo(size < whole);
          }
        }
      }
    }
  }

  @Test
  void aDumpTruncatedWhereItCantBeMapped() throws Exception {
    byte[] dump = small().build();
    try (FileSystem jimfs = Jimfs.newFileSystem(Configuration.unix())) {
      Path file = jimfs.getPath("dump");
      for (int size = 1; size <= dump.length; size += 127) {
        Files.write(file, Arrays.copyOf(dump, size));
        Exercise.dump(file, OpenOptions.DEFAULT);
      }
    }
  }

  @Test
  void aHeaderThatTheFileEndsIn() throws Exception {
    String what = ": kdump header: the file ends in it, 464 bytes";
    assertRefused(small().truncateAt(463), "offset 0x1cf" + what);
    assertRefused(small().truncateAt(8), "offset 0x8" + what);
    assertRefused(small().diskdump().truncateAt(8), "offset 0x8" + what);
  }

  @Test
  void bitmapsThatTheFileEndsIn() throws Exception {
    try (Vmcore vmcore = open(small().truncateAt(0x3001))) {
      assertTold(vmcore, "the file ends in its bitmaps");
      assertThat(state(vmcore, 1)).isEqualTo(PageState.EXCLUDED);
      assertThat(state(vmcore, 2)).isEqualTo(PageState.LOST);
      assertThat(state(vmcore, 20)).isEqualTo(PageState.LOST);
      assertThat(state(vmcore, 10)).isEqualTo(PageState.NOT_RAM);
      assertThat(vmcore.physical().lossAt(0x14000).orElseThrow().message())
          .isEqualTo("page frame 0x14: the bitmap ends before it");
    }
  }

  @Test
  void descriptorsThatTheFileEndsIn() throws Exception {
    try (Vmcore vmcore = open(small().truncateAt(0x4000 + 24 + 23))) {
      assertTold(vmcore, "the file ends in its page descriptors: it has 1 of 4");
      assertThat(vmcore.physical().lossAt(0x2000).orElseThrow())
          .isEqualTo(
              Finding.error(
                  "pages", 0x4018, "page frame 0x2: the file ends before its page descriptor"));
    }
  }

  /** The last page shares the first page's bytes, so that its own are there. */
  @Test
  void pagesInFrontOfAZeroPageThatTheFileEndsIn() throws Exception {
    KdumpBuilder dump = KdumpBuilder.le64().pages(0, 300, Compression.ZLIB);
    for (int pfn = 300; pfn < 900; pfn++) {
      dump.same(pfn, 0);
    }
    try (Vmcore vmcore = open(dump.truncateAt(dump.pageOffset(200)))) {
      assertTold(vmcore, "the file ends too early: pages are lost");
      assertThat(state(vmcore, 199)).isEqualTo(PageState.PRESENT);
      assertThat(state(vmcore, 200)).isEqualTo(PageState.LOST);
      assertThat(state(vmcore, 899)).isEqualTo(PageState.PRESENT);
    }
  }

  // --- made to do harm

  @Test
  @Timeout(value = 240, unit = TimeUnit.SECONDS)
  void aDumpWithAnyFieldOrByteMutated() throws Exception {
    String last = ChildJvm.run(KdumpMutations.class, dir).getLast();
    assertThat(last).matches("[0-9]+ mutations, [0-9]+ opened, peak [0-9]+ MiB");
    String[] words = last.split(" ", -1);
    assertThat(Integer.parseInt(words[0])).isGreaterThan(4000);
    assertThat(Integer.parseInt(words[2])).isGreaterThan(3000);
    assertThat(Integer.parseInt(words[5])).isLessThan(400);
  }

  private static Map<String, Long> measure(Path dump) throws Exception {
    return ChildJvm.run(HugeDump.class, dump, "unmapped").stream()
        .map(line -> line.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> Long.parseLong(pair[1])));
  }

  /** Every second page frame of 128 GiB. */
  private Path scattered() throws IOException {
    byte[] odd = new byte[1 << 22];
    Arrays.fill(odd, (byte) 0x55);
    KdumpBuilder dump = KdumpBuilder.le64().maxMapnr(1L << 25);
    return dump.patch(dump.bitmapOffset(), odd).writeTo(dir.resolve("scattered"));
  }

  @Test
  void moreRangesThanAnyMachineHasAreJoined() throws Exception {
    try (Vmcore vmcore = Vmcore.open(scattered())) {
      long loads = vmcore.segments().stream().filter(ProgramHeader::isLoad).count();
      assertThat(loads).isBetween(1L, 1L << 16);
      assertThat(vmcore.findings())
          .extracting(Finding::message)
          .contains("memory in more than 65536 ranges: joined where gaps have at most 1 pages");
      assertThat(vmcore.physical().extentAt(0x2000))
          .isEqualTo(new Extent(0x2000, 0x1000, PageState.EXCLUDED));
      assertThat(vmcore.physical().extentAt(0x1000))
          .isEqualTo(new Extent(0x1000, 0x1000, PageState.NOT_RAM));
      assertThat(Reading.bytes(vmcore.physical(), 0x1ff0, 0x100)).isEqualTo(new byte[0x10]);
      assertThat(Reading.bytes(vmcore.physical(), 0x2000, 1)).isEmpty();
      assertThat(vmcore.isDamaged()).isFalse();
    }
  }

  @Test
  void scatteredMemoryCostsLittle() throws Exception {
    assumeTrue(Reading.isLinux());
    Map<String, Long> measured = measure(scattered());
    assertThat(measured.get("openMillis")).isLessThan(20_000);
    assertThat(measured.get("found")).isGreaterThanOrEqualTo(100_000);
    assertThat(measured.get("findMillis")).isLessThan(5_000);
  }

  @Test
  void bitmapsOf16TebibytesCostLittle() throws Exception {
    assumeTrue(Reading.isLinux());
    long frames = 1L << 32;
    long bitmap = frames / 8;
    Path file =
        KdumpBuilder.le64()
            .set("bitmap_blocks", 2 * bitmap / 4096)
            .set("max_mapnr", 0)
            .set("max_mapnr_64", frames)
            .truncateAt(0x2000)
            .writeTo(dir.resolve("dump"));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer last = ByteBuffer.wrap(new byte[] {(byte) 0x80});
      channel.write(last, 0x2000 + bitmap - 1);
      channel.write(last.flip(), 0x2000 + 2 * bitmap - 1);
    }
    Map<String, Long> measured = measure(file);
    assertThat(measured.get("openMillis")).isLessThan(20_000);
    assertThat(measured.get("size")).isEqualTo(0x2000);
  }
}
