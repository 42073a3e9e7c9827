package org.vmcore.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vmcore.Vmcore;
import org.vmcore.codec.Compression;
import org.vmcore.elf.ElfHeader;
import org.vmcore.memory.PageCounts;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.HugeKdump;
import org.vmcore.testing.KdumpBuilder;

/** Dumps of more pieces, or of more page frames, than usual. */
class ManyPiecesTest {
  @TempDir Path folder;

  private Path convert(Vmcore source, OutputFormat format) throws Exception {
    Path out = folder.resolve("out-" + format.label());
    ConversionOptions options =
        ConversionTest.as(format, PageCompression.NONE).scratch(folder).build();
    Conversion.of(source, options).write(List.of(out));
    return out;
  }

  /** Two of three pages are left out: 66,000 program headers, whose count section 0 has. */
  @Test
  @Tag("slow")
  void moreProgramHeadersThanTheirCountHasBits() throws Exception {
    int count = 66_000;
    KdumpBuilder dump = KdumpBuilder.le64();
    for (int i = 0; i < count; i++) {
      dump.stored(3L * i, new byte[] {0}, Compression.ZSTD).excluded(3L * i + 1);
    }
    byte[] page = new byte[4096];
    page[0] = 1;
    dump.page(0, page, Compression.RAW);
    for (int i = 1; i < count; i++) {
      dump.same(3L * i, 0);
    }
    try (Vmcore source = Vmcore.open(dump.writeTo(folder.resolve("source")))) {
      try (Vmcore elf = Vmcore.open(convert(source, OutputFormat.ELF))) {
        assertThat(elf.header().phnum()).isEqualTo(ElfHeader.PN_XNUM);
        assertThat(elf.segments()).hasSize(count);
        assertThat(SameMemory.pages(elf)).isEqualTo(SameMemory.pages(source));
        assertThat(SameMemory.page(elf, 3L * (count - 1))).isEqualTo(page);
      }
    }
  }

  private void assertStates(Vmcore source, OutputFormat format, PageState middle) throws Exception {
    try (Vmcore written = Vmcore.open(convert(source, format))) {
      assertThat(SameMemory.page(written, 1)).isEqualTo(DumpBuilder.pattern(0x1000, 0x1000));
      for (long at : new long[] {0x2000, 1L << 30, (1L << 33) - 0x1000, 1L << 33}) {
        assertThat(written.physical().extentAt(at).state())
            .as("%x", at)
            .isEqualTo(source.physical().extentAt(at).state());
      }
      assertThat(written.physical().extentAt(1L << 30).state()).isEqualTo(middle);
    }
  }

  /** A file of a few pages that says it had 8 GiB. */
  @ParameterizedTest
  @EnumSource
  void descriptorsOfLongRunsOfLostPagesArentWritten(OutputFormat format) throws Exception {
    long size = 1L << 33;
    Path file =
        DumpBuilder.elf64()
            .load(0x1000, 0x3000)
            .filesz(size)
            .memsz(size)
            .truncateAt(0x3000)
            .writeTo(folder.resolve("source"));
    try (Vmcore source = Vmcore.open(file)) {
      assertStates(source, format, PageState.LOST);
    }
    long most = format == OutputFormat.KDUMP ? size >> 6 : 16 << 20;
    assertThat(Files.size(folder.resolve("out-" + format.label()))).isLessThan(most);
  }

  /** 32 TiB are excluded: bitmaps of 1 GiB each, which aren't gone through. */
  @Test
  @Timeout(30)
  void longRunsOfExcludedPagesCostLittle() throws Exception {
    Path file =
        DumpBuilder.elf64()
            .load(0x1000, 0x1000)
            .memsz(1L << 45)
            .load((1L << 45) + 0x1000, 0x1000)
            .writeTo(folder.resolve("source"));
    try (Vmcore source = Vmcore.open(file)) {
      assertStates(source, OutputFormat.ELF, PageState.EXCLUDED);
    }
  }

  @Test
  void roomForBitmapsIsLookedForFirst() throws Exception {
    long frames = 1L << 36;
    Path file = DumpBuilder.elf64().excluded(0, frames << 12).writeTo(folder.resolve("source"));
    assumeThat(Files.getFileStore(folder).getUsableSpace()).isLessThan(1000 * frames / 8);
    try (Vmcore source = Vmcore.open(file)) {
      ConversionOptions options =
          ConversionTest.as(OutputFormat.KDUMP, PageCompression.NONE).scratch(folder).build();
      List<Path> parts = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        parts.add(folder.resolve("part" + i));
      }
      assertThatThrownBy(() -> Conversion.of(source, options).write(parts))
          .isInstanceOf(VmcoreException.class)
          .hasMessageContaining(" bytes are needed for bitmaps and page descriptors alone, ");
    }
  }

  /** Bitmaps of 512 MiB each, which are files. */
  @Test
  @Tag("slow")
  void aMachineOf16TiB() throws Exception {
    Path file = folder.resolve("source");
    HugeKdump.write(file);
    try (Vmcore source = Vmcore.open(file)) {
      PageCounts counts = source.pageCounts();
      Path out = convert(source, OutputFormat.KDUMP);
      try (Vmcore written = Vmcore.open(out)) {
        assertThat(written.pageCounts()).isEqualTo(counts);
        SameMemory.assertSamePages(written, source);
      }
      Path elf = convert(source, OutputFormat.ELF);
      try (Vmcore written = Vmcore.open(elf)) {
        assertThat(written.pageCounts()).isEqualTo(counts);
      }
      assertThat(Files.size(elf)).isLessThan(1 << 20);
    }
  }
}
