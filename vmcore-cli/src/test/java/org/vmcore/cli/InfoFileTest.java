package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.vmcore.codec.Compression;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.KdumpBuilder;

/** What {@code info} tells of the file's own headers. */
class InfoFileTest {
  @TempDir Path folder;

  private Run info(KdumpBuilder dump, Object... options) throws IOException {
    Object[] line = new Object[options.length + 2];
    line[0] = "info";
    System.arraycopy(options, 0, line, 1, options.length);
    line[line.length - 1] = dump.writeTo(folder.resolve("dump"));
    return Run.of(line);
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void pagesShowHowTheyAreCompressed(Compression how) throws IOException {
    KdumpBuilder dump = KdumpBuilder.le64().set("status", 0).pages(0, 3, how);
    boolean isRaw = how == Compression.RAW;

    assertThat(info(dump, "--json").ok().json())
        .containsEntry("header_version", 6L)
        .containsEntry("compression", isRaw ? List.of() : List.of(how.label()))
        .containsEntry("finished", true)
        .doesNotContainKey("part");
    assertThat(info(dump).lines())
        .contains(
            "header: version 6", "compression: " + (isRaw ? "pages as they are" : how.label()));
  }

  @Test
  void theHeaderSaysItOfPagesThatAreNot() throws IOException {
    KdumpBuilder dump = KdumpBuilder.le64().set("status", 2).pages(0, 3, Compression.RAW);

    assertThat(info(dump, "--json").ok().json()).containsEntry("compression", List.of("lzo"));
  }

  @Test
  void severalCodecs() throws IOException {
    KdumpBuilder dump = KdumpBuilder.le64().page(0, Compression.ZSTD).page(1, Compression.RAW);
    dump.page(2, Compression.ZLIB);

    assertThat(info(dump).ok().lines()).contains("compression: zlib, zstd");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, '1, without these pages: zero'",
    "2, '2, without these pages: cache without private data'",
    "24, '24, without these pages: user, free'",
    "31, '31, without these pages: zero, cache, user, free'",
    "-1, '-1, without these pages: zero, cache, user, free'",
  })
  void dumpLevel(int level, String said) throws IOException {
    KdumpBuilder dump = KdumpBuilder.le64().set("dump_level", level).page(0, Compression.RAW);

    assertThat(info(dump).ok().lines()).contains("dump level: " + said);
    assertThat(info(dump, "--json").ok().json()).containsEntry("dump_level", (long) level);
  }

  @Test
  void whatNoLevelLeftOutIsTold() throws IOException {
    KdumpBuilder dump = KdumpBuilder.le64().page(0, Compression.RAW).excluded(1);

    assertThat(info(dump.set("dump_level", 0)).ok().lines())
        .contains("dump level: 0, but pages were left out by other means")
        .contains("missing: 1 page excluded (4 KiB)");
    assertThat(info(dump.set("dump_level", 1)).ok().lines())
        .contains("dump level: 1, without these pages: zero");
  }

  @Test
  void makedumpfileSaysThatItDidNotFinish() throws IOException {
    KdumpBuilder dump = KdumpBuilder.le64().set("status", 8).page(0, Compression.ZLIB);

    Run run = info(dump).fails(3);
    assertThat(run.lines()).contains("finished: no, pages may be missing: see the warnings");
    assertThat(info(dump, "--json").json()).containsEntry("finished", false);
  }

  @Test
  void aFileThatEndsTooEarlyIsNotFinished() throws IOException {
    KdumpBuilder dump = KdumpBuilder.le64().pages(0, 9, Compression.RAW);
    dump.truncateAt(dump.pageOffset(7));

    assertThat(info(dump, "--json").json()).containsEntry("finished", false);
    assertThat(Run.of("info", "--json", Dumps.truncated(folder)).json())
        .containsEntry("finished", false);
  }

  @Test
  void anElfFileSaysThatItIsNotFinished() throws IOException {
    Path dump =
        DumpBuilder.elf64()
            .load(0x1000, 0x1000)
            .patch(48, new byte[] {1})
            .writeTo(folder.resolve("vmcore"));

    assertThat(Run.of("info", "--json", dump).json())
        .containsEntry("finished", false)
        .containsEntry("elf_osabi", "SYSV");
  }

  @Test
  void aPartOfASplitSet() throws IOException {
    KdumpBuilder dump = KdumpBuilder.le64().pages(0x10, 4, Compression.ZLIB).part(0x12, 0x14);

    Run run = info(dump, "--json");
    assertThat(JsonText.member(run.json(), "part"))
        .isEqualTo(Map.of("start_pfn", 0x12L, "end_pfn", 0x14L));
    assertThat(info(dump).lines()).contains("part: page frames 0x12 to 0x13 of a split set");
  }

  @Test
  void whatIsNoFileOfADumpWriterHasNoneOfIt() throws IOException {
    Path ram = Ram.crashed().writeTo(folder.resolve("ram"));

    assertThat(Run.of("info", "--json", "--oldmem", ram).json())
        .doesNotContainKeys("finished", "header_version", "elf_osabi");
  }
}
