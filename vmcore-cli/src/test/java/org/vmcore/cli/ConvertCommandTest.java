package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.testing.DumpBuilder;

class ConvertCommandTest {
  @TempDir Path folder;
  private Path dump;
  private Path out;

  @BeforeEach
  void makeDump() throws IOException {
    dump =
        DumpBuilder.elf64()
            .vmcoreinfo("OSRELEASE=6.1.0-test", "PAGESIZE=4096")
            .load(0x1000, 0x3000)
            .excluded(0x20000, 0x1000)
            .writeTo(folder.resolve("vmcore"));
    out = folder.resolve("out");
  }

  private void misused(String line, Object... more) {
    Object[] all = new Object[more.length + 1];
    all[0] = "convert";
    System.arraycopy(more, 0, all, 1, more.length);
    Run.of(all).misused("vmcore convert", line);
    assertThat(out).doesNotExist();
  }

  /** Page frames in ranges, as {@code vmcore pages} tells them. */
  private static List<String> pages(Path file, Object... more) {
    Object[] line = new Object[more.length + 2];
    line[0] = "pages";
    line[1] = file;
    System.arraycopy(more, 0, line, 2, more.length);
    return Run.of(line).ok().lines();
  }

  private static byte[] read(Path file, String range) {
    Run run = Run.of("read", "--format", "raw", "--phys", range, "--length", "0x2000", file);
    assertThat(run.status()).isZero();
    return run.bytes();
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "zlib", "lzo", "snappy", "zstd"})
  void pagesAreCompressed(String how) {
    Run run = Run.of("convert", "--compress", how, "-o", out, dump).ok();

    assertThat(run.lines().getFirst()).startsWith("output: " + out + ", ");
    assertThat(run.lines().subList(1, 4))
        .containsExactly(
            "format: kdump, " + how, "written: 3 pages, 12 KiB", "excluded: 1 page, 4 KiB");
    assertThat(Run.of("info", out).ok().lines().getFirst()).isEqualTo("format: kdump");
    assertThat(pages(out)).isEqualTo(pages(dump));
    assertThat(read(out, "0x1000")).isEqualTo(read(dump, "0x1000"));
    assertThat(Run.of("vmcoreinfo", out).out()).isEqualTo(Run.of("vmcoreinfo", dump).out());
  }

  @ParameterizedTest
  @CsvSource({"-c, zlib", "-l, lzo", "-p, snappy", "-z, zstd"})
  void makedumpfilesLetters(String letter, String how) {
    assertThat(Run.of("convert", letter, "-o", out, dump).ok().lines().get(1))
        .isEqualTo("format: kdump, " + how);
  }

  @Test
  void anElfDump() {
    Run run = Run.of("convert", "--to", "elf", "-o", out, dump).ok();

    assertThat(run.lines().get(1)).isEqualTo("format: elf, none");
    assertThat(Run.of("info", out).ok().lines().getFirst()).isEqualTo("format: elf");
    assertThat(read(out, "0x1000")).isEqualTo(read(dump, "0x1000"));
  }

  @Test
  void anElfDumpInASeekableZstdFile() {
    Run.of("convert", "--to", "elf", "--compress", "zstd", "-o", out, dump).ok();

    Run info = Run.of("info", out).ok();
    assertThat(info.lines().getFirst()).isEqualTo("format: elf in zstd");
    assertThat(read(out, "0x1000")).isEqualTo(read(dump, "0x1000"));
  }

  @Test
  void flattened() {
    Run.of("convert", "--to", "flat", "-o", out, dump).ok();

    assertThat(Run.of("info", out).ok().lines().getFirst()).isEqualTo("format: kdump in flattened");
    assertThat(read(out, "0x1000")).isEqualTo(read(dump, "0x1000"));
  }

  @Test
  void asJson() {
    Run run = Run.of("convert", "--json", "-d", "1", "-o", out, dump);

    assertThat(run.status()).isZero();
    assertThat(run.json())
        .containsEntry("format", "kdump")
        .containsEntry("compression", "zlib")
        .containsEntry("dump_level", 1L)
        .containsEntry("dry_run", false)
        .containsEntry("excluded_before", 1L)
        .containsEntry("lost", 0L)
        .doesNotContainKey("levels");
    assertThat(run.records("outputs")).hasSize(1);
    assertThat(run.records("outputs").getFirst()).containsEntry("file", out.toString());
  }

  @Test
  void aDryRunWritesNothing() throws IOException {
    Run run = Run.of("convert", "--dry-run", "--compress", "none", dump).ok();

    assertThat(run.lines())
        .contains("pages: 4 pages, 16 KiB", "excluded: 1 page, 4 KiB", "lost: 0 pages, 0 bytes")
        .contains("LEVEL PAGES MEMORY SIZE");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(dump);
    }
  }

  @Test
  void aDryRunAsJsonHasTheLevelsThatArePossible() {
    Run run = Run.of("convert", "--dry-run", "--json", dump);

    assertThat(run.json()).containsEntry("dry_run", true).containsEntry("pages", 3L);
    assertThat(run.records("levels")).extracting(each -> each.get("level")).containsExactly(0L, 1L);
  }

  @Test
  void pagesAreLeftOutByWhatTheyAre() throws IOException {
    Path paged = Dumps.ofEachKind().writeTo(folder.resolve("paged"));

    Run run = Run.of("convert", "-l", "-d", "30", "-o", out, paged);
    assertThat(run.status()).isZero();
    assertThat(run.err()).contains("512 pages are kept, for their struct pages can't be read");
    assertThat(run.lines())
        .contains("left out: 12 pages, 48 KiB: 8 free, 1 cache, 1 private cache, 2 user");
    assertThat(Run.of("pages", "--no-header", out).ok().lines())
        .contains("0x4000 1 present", "0x4001 4 excluded", "0x4005 3 present");
  }

  @Test
  void aSplitSetBecomesOneFileAgain() {
    Run.of("convert", "--split", "2", "-o", out, dump).ok();
    Path whole = folder.resolve("whole");
    Run.of("convert", "--part", out + ".2", "-o", whole, out + ".1").ok();

    assertThat(pages(whole)).isEqualTo(pages(dump));
    assertThat(read(whole, "0x1000")).isEqualTo(read(dump, "0x1000"));
  }

  @Test
  void lostPagesStayLost() throws IOException {
    Path truncated = Dumps.truncated(folder);
    Run run = Run.of("convert", "-o", out, truncated);

    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err())
        .endsWith(
            "vmcore: "
                + truncated
                + ": 2 pages are lost in the source, and so they are in the output\n");
    assertThat(Run.of("info", out).status()).isEqualTo(3);
    assertThat(Run.of("pages", out).lines()).isEqualTo(Run.of("pages", truncated).lines());
  }

  @Test
  void whatNobodyElseMayRead() throws IOException {
    Run.of("convert", "--no-sync", "-o", out, dump).ok();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out)))
        .isEqualTo("rw-------");
  }

  @Test
  void aFileThatExistsStays() throws IOException {
    Files.writeString(out, "mine");

    Run.of("convert", "-o", out, dump)
        .fails(1, "vmcore: " + out + ": cannot create: it already exists");
    assertThat(out).hasContent("mine");
    Run.of("convert", "--force", "-o", out, dump).ok();
    assertThat(Run.of("info", out).ok().lines().getFirst()).isEqualTo("format: kdump");
  }

  @Test
  void aFolderThatIsNotThere() {
    Path target = folder.resolve("none/out");

    Run run = Run.of("convert", "-o", target, dump);
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).startsWith("vmcore: " + target + ": cannot create: ");
    assertThat(run.err().lines()).hasSize(1);
  }

  @Test
  void aLevelThatNeedsTheKernel() throws IOException {
    Run run = Run.of("convert", "-d", "31", "-o", out, dump);

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("levels 0");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(dump);
    }
  }

  @Test
  void optionsThatDoNotGoTogether() {
    misused("Missing required option: '--output=OUT'", dump);
    misused("--output has no effect with --dry-run", "--dry-run", "-o", out, dump);
    misused("--force has no effect with --dry-run", "--dry-run", "--force", dump);
    misused("Give one compression, not 2", "-l", "-z", "-o", out, dump);
    misused(
        "An ELF dump isn't compressed by lzo: give --compress zstd or none",
        "--to",
        "elf",
        "-l",
        "-o",
        out,
        dump);
    misused(
        "A kdump-compressed file can't be written to stdout: give --to flat",
        "--to",
        "kdump",
        "-o",
        "-",
        dump);
    misused("--split has no effect with --to elf", "--split", "2", "--to", "elf", "-o", out, dump);
    misused("--level has no effect with --compress lzo", "-l", "--level=3", "-o", out, dump);
    misused("--level 0: zlib has levels 1 to 9", "--level=0", "-o", out, dump);
  }

  @Test
  void theDumpOnStdoutLeavesNoRoomForJson() {
    Run run = Run.of("convert", "--json", "-o", "-", dump);

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).startsWith("vmcore: The dump goes to stdout: there is no room for JSON");
  }

  @Test
  void numbersThatAreNone() {
    Run.of("convert", "-d", "32", "-o", out, dump)
        .misused(
            "vmcore convert",
            "Invalid value for option '--dump-level': '32' is no dump level: 0 to 31");
    Run.of("convert", "--split", "1", "-o", out, dump)
        .misused(
            "vmcore convert",
            "Invalid value for option '--split': '1' is no number of files: 2 to 1000");
  }
}
