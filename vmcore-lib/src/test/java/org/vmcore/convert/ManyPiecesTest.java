package org.vmcore.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.codec.Compression;
import org.vmcore.elf.ElfHeader;
import org.vmcore.memory.PageCounts;
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
