package org.vmcore.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.Vmcore;
import org.vmcore.codec.Compression;
import org.vmcore.convert.level.DumpLevel;
import org.vmcore.convert.level.PageKind;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Finding.Severity;
import org.vmcore.memory.PageCounts;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.KdumpBuilder;

/** Dumps of each format, written as each and read again. */
class ConversionTest {
  @TempDir Path folder;

  static ConversionOptions.Builder as(OutputFormat format, PageCompression compression) {
    return ConversionOptions.builder().format(format).compression(compression).sync(false);
  }

  private Path out() {
    return folder.resolve("out");
  }

  private Converted convert(Vmcore source, ConversionOptions.Builder how) throws VmcoreException {
    return Conversion.of(source, how.build()).write(List.of(out()));
  }

  private void assertSameAs(Vmcore source) throws IOException {
    try (Vmcore written = Vmcore.open(out())) {
      SameMemory.assertSame(written, source);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PARTS")
  void everySourceAsKdump(Sources format) throws IOException {
    try (Vmcore source = format.open(folder)) {
      Converted converted = convert(source, as(OutputFormat.KDUMP, PageCompression.ZLIB).jobs(2));

      assertSameAs(source);
      assertCounts(converted, source);
      assertThat(converted.bytes()).containsExactly(Files.size(out()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void everySourceAsElf(Sources format) throws IOException {
    try (Vmcore source = format.open(folder)) {
      Converted converted = convert(source, as(OutputFormat.ELF, PageCompression.NONE));

      assertSameAs(source);
      assertCounts(converted, source);
      assertThat(converted.bytes()).containsExactly(Files.size(out()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void everySourceAsElfInZstd(Sources format) throws IOException {
    try (Vmcore source = format.open(folder)) {
      convert(source, as(OutputFormat.ELF, PageCompression.ZSTD).jobs(2));

      assertSameAs(source);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PARTS")
  void everySourceFlattened(Sources format) throws IOException {
    try (Vmcore source = format.open(folder)) {
      Converted converted = convert(source, as(OutputFormat.FLAT, PageCompression.LZO));

      assertSameAs(source);
      assertThat(converted.bytes()).containsExactly(Files.size(out()));
    }
  }

  private static void assertCounts(Converted converted, Vmcore source) throws IOException {
    PageCounts counts = source.pageCounts();
    assertThat(converted.written()).isEqualTo(counts.present());
    assertThat(converted.excludedBefore()).isEqualTo(counts.excluded());
    assertThat(converted.lost()).isEqualTo(counts.lost());
    assertThat(converted.leftOut().total()).isZero();
    assertThat(converted.findings().stream().anyMatch(f -> f.severity() == Severity.ERROR))
        .isEqualTo(counts.lost() > 0);
  }

  @ParameterizedTest
  @EnumSource
  void everyCompression(PageCompression compression) throws IOException {
    try (Vmcore source = Sources.ELF64.open(folder)) {
      convert(source, as(OutputFormat.KDUMP, compression).level(new DumpLevel(1)));

      assertSameAs(source);
    }
  }

  @Test
  void aDamagedDumpStaysDamaged() throws IOException {
    for (OutputFormat format : OutputFormat.values()) {
      try (Vmcore source = Sources.DAMAGED.open(folder)) {
        Converted converted = convert(source, as(format, PageCompression.NONE).force(true));

        assertThat(converted.lost()).isEqualTo(2);
        try (Vmcore written = Vmcore.open(out())) {
          assertThat(written.isDamaged()).isTrue();
          assertThat(written.pageCounts().lost()).isEqualTo(2);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ELF64", "KDUMP", "TRUNCATED", "LARGE_PAGES"})
  void asManyThreadsAsOneLikesGiveTheSameBytes(Sources format) throws IOException {
    List<byte[]> files = new ArrayList<>();
    try (Vmcore source = format.open(folder)) {
      for (int jobs : new int[] {1, 2, 1024}) {
        convert(source, as(OutputFormat.KDUMP, PageCompression.ZLIB).jobs(jobs).force(true));
        files.add(Files.readAllBytes(out()));
      }
    }
    assertThat(files.get(1)).isEqualTo(files.getFirst());
    assertThat(files.get(2)).isEqualTo(files.getFirst());
  }

  @Test
  void pagesOfZerosTakeNoRoom() throws IOException {
    try (Vmcore source = Sources.ELF64.open(folder)) {
      Converted with = convert(source, as(OutputFormat.KDUMP, PageCompression.NONE));
      Converted without =
          convert(
              source,
              as(OutputFormat.KDUMP, PageCompression.NONE).level(new DumpLevel(1)).force(true));

      assertThat(without.leftOut().of(PageKind.ZERO)).isEqualTo(5);
      assertThat(without.written()).isEqualTo(with.written() - 5);
      assertThat(without.bytes()).isEqualTo(with.bytes());
    }
  }

  @Test
  void shortRunsAreKeptInElf() throws IOException {
    Path file =
        DumpBuilder.elf64()
            .load(0x1000, 0x1000)
            .load(0x2000, new byte[255 << 12])
            .load(0x40_0000, 0x1000)
            .load(0x40_1000, new byte[256 << 12])
            .writeTo(folder.resolve("source"));
    try (Vmcore source = Vmcore.open(file)) {
      Converted converted =
          convert(source, as(OutputFormat.ELF, PageCompression.NONE).level(new DumpLevel(1)));

      assertThat(converted.leftOut().of(PageKind.ZERO)).isEqualTo(256);
      assertThat(converted.written()).isEqualTo(257);
      try (Vmcore written = Vmcore.open(out())) {
        assertThat(written.pageCounts().excluded()).isEqualTo(256);
        assertThat(SameMemory.page(written, 0x80)).containsOnly(0);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 60})
  void aSplitSetBecomesOneFileAgain(int parts) throws IOException {
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      files.add(folder.resolve("part" + i));
    }
    try (Vmcore source = Sources.KDUMP.open(folder)) {
      ConversionOptions options = as(OutputFormat.KDUMP, PageCompression.ZLIB).build();
      Converted converted = Conversion.of(source, options).write(files);
      Conversion.of(source, options).write(List.of(out()));

      assertThat(converted.bytes()).hasSize(parts);
      try (Vmcore set = open(files)) {
        SameMemory.assertSame(set, source);
        Path again = folder.resolve("again");
        Conversion.of(set, options).write(List.of(again));
        assertThat(again).hasSameBinaryContentAs(out());
      }
    }
  }

  private static Vmcore open(List<Path> files) throws VmcoreException {
    return Vmcore.open(
        files.getFirst(), OpenOptions.builder().parts(files.subList(1, files.size())).build());
  }

  /** The records of a flattened dump, put where they belong, are the other dump. */
  @ParameterizedTest
  @EnumSource(names = {"ELF64", "ELF32_BIG_ENDIAN", "KDUMP", "DAMAGED", "LARGE_PAGES", "NO_MEMORY"})
  void aFlattenedDumpIsTheOtherOneInPieces(Sources format) throws IOException {
    try (Vmcore source = format.open(folder)) {
      convert(source, as(OutputFormat.FLAT, PageCompression.ZLIB));
      ByteBuffer flat = ByteBuffer.wrap(Files.readAllBytes(out()));
      convert(source, as(OutputFormat.KDUMP, PageCompression.ZLIB).force(true));
      byte[] whole = new byte[(int) Files.size(out())];
      flat.position(4096);
      long at = flat.getLong();
      for (long size = flat.getLong(); at >= 0; size = flat.getLong()) {
        flat.get(whole, (int) at, (int) size);
        at = flat.getLong();
      }
      assertThat(flat.hasRemaining()).isFalse();
      assertThat(out()).hasBinaryContent(whole);
    }
  }

  @Test
  void virtualAddressesStay() throws IOException {
    try (Vmcore source = Sources.OVERLAPPING.open(folder)) {
      convert(source, as(OutputFormat.ELF, PageCompression.NONE));

      try (Vmcore written = Vmcore.open(out())) {
        assertThat(written.segments()).isEqualTo(source.segments());
      }
    }
  }

  /** Addresses above 4 GiB don't fit into the headers that a 32-bit machine has. */
  @Test
  void aDumpOf32BitsGetsWiderHeadersWhereItMust() throws IOException {
    KdumpBuilder dump =
        KdumpBuilder.le32().page(1, Compression.RAW).page(0x10_0001, Compression.ZLIB);
    try (Vmcore source = Vmcore.open(dump.writeTo(folder.resolve("source")))) {
      convert(source, as(OutputFormat.ELF, PageCompression.NONE));

      try (Vmcore written = Vmcore.open(out())) {
        assertThat(written.header().elfClass()).isEqualTo(ElfClass.ELF64);
        SameMemory.assertSamePages(written, source);
      }
    }
  }

  @Test
  void memoryWithoutNotesIsntTakenForADevice() throws IOException {
    try (Vmcore source = Sources.RAW.open(folder)) {
      convert(source, as(OutputFormat.ELF, PageCompression.NONE));
    }
    try (Vmcore written = Vmcore.open(out())) {
      assertThat(written.isDeviceMemory()).isFalse();
    }
  }

  @Test
  void whatIsLostGetsAProgramHeaderOfItsOwn() throws IOException {
    try (Vmcore source = Sources.TRUNCATED.open(folder)) {
      convert(source, as(OutputFormat.ELF, PageCompression.NONE));
    }
    try (Vmcore written = Vmcore.open(out())) {
      ProgramHeader lost = written.crashHeaders().programHeaders().getLast();
      assertThat(lost.paddr()).isEqualTo(0x8_2800);
      assertThat(lost.filesz()).isEqualTo(0x1800);
      assertThat(written.header().flags() & 1).isEqualTo(1);
    }
  }

  private byte[] read(long address, int size) throws IOException {
    byte[] bytes = new byte[size];
    try (Vmcore written = Vmcore.open(out())) {
      long got = written.physical().read(address, MemorySegment.ofArray(bytes));
      assertThat(got).as("%x", address).isEqualTo(size);
    }
    return bytes;
  }

  @Test
  void theReadableHeadOfALostPageStaysInElf() throws IOException {
    try (Vmcore source = Sources.TRUNCATED.open(folder)) {
      convert(source, as(OutputFormat.ELF, PageCompression.NONE));
    }
    assertThat(read(0x8_2000, 0x800)).isEqualTo(DumpBuilder.pattern(0x8_2000, 0x800));
  }

  @Test
  void partsOfPagesStayAsTheyAreInElf() throws IOException {
    try (Vmcore source = Sources.PARTS.open(folder)) {
      convert(source, as(OutputFormat.ELF, PageCompression.NONE));
    }
    assertThat(read(0x1_2000, 0x800)).isEqualTo(DumpBuilder.pattern(0x1_2000, 0x800));
    assertThat(read(0x3_1000, 0x100)).isEqualTo(DumpBuilder.pattern(0x3_1000, 0x100));
    assertThat(read(0x3_3900, 0x700)).isEqualTo(DumpBuilder.pattern(0x3_3900, 0x700));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ELF")
  void pagesOfWhichAPartIsExcludedBecomeWhole(OutputFormat format) throws IOException {
    try (Vmcore source = Sources.PARTS.open(folder)) {
      Converted converted = convert(source, as(format, PageCompression.ZLIB));

      assertThat(converted.written()).isEqualTo(8);
      assertThat(converted.excludedBefore()).isEqualTo(2);
      assertThat(converted.findings())
          .extracting(Finding::message)
          .containsExactly(
              "3 pages are in the source in part alone: what it has excluded of them is zeros in"
                  + " the output");
    }
    assertThat(read(0x1_2000, 0x1000))
        .isEqualTo(Arrays.copyOf(DumpBuilder.pattern(0x1_2000, 0x800), 0x1000));
    byte[] shared = new byte[0x1000];
    System.arraycopy(DumpBuilder.pattern(0x3_3900, 0x700), 0, shared, 0x900, 0x700);
    assertThat(read(0x3_3000, 0x1000)).isEqualTo(shared);
  }

  private List<String> messages(Vmcore source, OutputFormat format) throws IOException {
    Converted converted = convert(source, as(format, PageCompression.NONE).force(true));
    return converted.findings().stream().map(Finding::message).toList();
  }

  @ParameterizedTest
  @EnumSource
  void whatOpeningFoundDamagedIsSaid(OutputFormat format) throws IOException {
    Path file =
        DumpBuilder.elf64()
            .vmcoreinfo("OSRELEASE=6.1.0", "PAGESIZE=4096")
            .load(-0x2000, 0x1000)
            .memsz(0x4000)
            .load(0, 0x1000)
            .writeTo(folder.resolve("source"));
    try (Vmcore source = Vmcore.open(file)) {
      String said = source.findings().getLast().message();
      assertThat(said).contains("wraps past 2^64");
      assertThat(messages(source, format)).containsExactly(said);
      assertThat(
              Conversion.of(source, as(format, PageCompression.NONE).build()).dryRun().findings())
          .contains(source.findings().getLast());
    }
  }

  @Test
  void memoryWithoutAPhysicalAddressIsToldOf() throws IOException {
    Path file =
        DumpBuilder.elf64()
            .vmcoreinfo("OSRELEASE=6.1.0", "PAGESIZE=4096")
            .load(-1, 0x1000)
            .writeTo(folder.resolve("source"));
    try (Vmcore source = Vmcore.open(file)) {
      assertThat(messages(source, OutputFormat.KDUMP))
          .containsExactly(
              "1 PT_LOAD, of 4096 bytes, has no physical address: it isn't in the output",
              "no page of memory is in the output");
      assertThat(messages(source, OutputFormat.ELF))
          .containsExactly(
              "1 PT_LOAD, of 4096 bytes, has no physical address: in the output it isn't counted in"
                  + " pages");
    }
  }

  @Test
  void progressEndsAtAllOfTheMemory() throws IOException {
    for (Sources format : Sources.values()) {
      for (OutputFormat as : OutputFormat.values()) {
        try (Vmcore source = format.open(folder)) {
          long[] told = new long[1];
          convert(
              source,
              as(as, PageCompression.NONE)
                  .force(true)
                  .progress(
                      more -> {
                        assertThat(more).isPositive();
                        told[0] += more;
                      }));

          assertThat(told[0]).as("%s as %s", format, as).isEqualTo(source.memorySize());
        }
      }
    }
  }

  @Test
  void aLevelThatNeedsTheKernelIsRefusedWithoutIt() throws IOException {
    try (Vmcore source = Sources.LIME.open(folder)) {
      for (OutputFormat format : OutputFormat.values()) {
        assertThatThrownBy(
                () -> convert(source, as(format, PageCompression.NONE).level(new DumpLevel(31))))
            .isInstanceOf(VmcoreException.class);
      }
    }
    assertNoOutput();
  }

  @ParameterizedTest
  @EnumSource
  void anExistingFileStaysWithoutForce(OutputFormat format) throws IOException {
    Files.writeString(out(), "old");
    try (Vmcore source = Sources.ELF64.open(folder)) {
      assertThatThrownBy(() -> convert(source, as(format, PageCompression.NONE)))
          .hasMessage(out() + ": cannot create: it already exists");
    }
    assertThat(out()).hasContent("old");
    assertThat(names()).containsExactly("out", "source");
  }

  @ParameterizedTest
  @EnumSource
  void aClosedDumpLeavesNothing(OutputFormat format) throws IOException {
    Vmcore source = Sources.ELF64.open(folder);
    source.close();
    assertThatThrownBy(() -> convert(source, as(format, PageCompression.NONE)))
        .isInstanceOf(VmcoreException.class)
        .hasMessageEndingWith("the dump is closed");
    assertNoOutput();
  }

  @Test
  void aSetIsWholeOrNotThere() throws IOException {
    Path taken = Files.writeString(folder.resolve("taken"), "old");
    try (Vmcore source = Sources.KDUMP.open(folder)) {
      ConversionOptions options =
          as(OutputFormat.KDUMP, PageCompression.NONE).progress(_ -> {}).build();
      assertThatThrownBy(() -> Conversion.of(source, options).write(List.of(out(), taken)))
          .hasMessage(taken + ": cannot create: it already exists");
    }
    assertThat(names()).containsExactly("source", "taken");
  }

  @Test
  void aPipeTakesNoKdump() throws IOException {
    try (Vmcore source = Sources.ELF64.open(folder)) {
      ConversionOptions options = as(OutputFormat.KDUMP, PageCompression.NONE).build();
      assertThatThrownBy(() -> Conversion.of(source, options).write(List.of(Path.of("/dev/null"))))
          .hasMessage(
              "/dev/null: is no regular file: it can't be written at positions: take --to flat");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "KDUMP")
  void aFullDeviceIsToldOf(OutputFormat format) throws IOException {
    try (Vmcore source = Sources.ELF64.open(folder)) {
      ConversionOptions options = as(format, PageCompression.NONE).build();
      assertThatThrownBy(() -> Conversion.of(source, options).write(List.of(Path.of("/dev/full"))))
          .isInstanceOf(VmcoreException.class)
          .hasMessageStartingWith("/dev/full: ")
          .hasMessageEndingWith("No space left on device");
    }
  }

  @Test
  void theFileIsForItsOwnerOnly() throws IOException {
    try (Vmcore source = Sources.ELF64.open(folder)) {
      convert(source, as(OutputFormat.KDUMP, PageCompression.NONE));
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out())))
        .isEqualTo("rw-------");
  }

  @Test
  void anElfDumpCantBeSplit() throws IOException {
    try (Vmcore source = Sources.ELF64.open(folder)) {
      ConversionOptions options = as(OutputFormat.ELF, PageCompression.NONE).build();
      assertThatThrownBy(() -> Conversion.of(source, options).write(Arrays.asList(out(), out())))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> Conversion.of(source, options).write(List.of()))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> as(OutputFormat.ELF, PageCompression.LZO).build())
        .isInstanceOf(IllegalArgumentException.class);
  }

  private void assertNoOutput() throws IOException {
    assertThat(names()).containsExactly("source");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
