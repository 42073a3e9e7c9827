package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.io.ByteSource;
import org.vmcore.testing.DumpBuilder;

class ExtractCommandTest {
  @TempDir Path folder;
  private Path dump;
  private Path target;

  @BeforeEach
  void makeDump() throws IOException {
    dump = Dumps.small(folder);
    target = folder.resolve("out");
  }

  @Test
  void oneLoad() throws IOException {
    assertThat(Run.of("extract", "--load", "1", "-o", target, dump).ok().out()).isEmpty();

    assertThat(target).hasBinaryContent(DumpBuilder.pattern(0x1000, 0x2800));
  }

  @Test
  void excludedBytesAreZeros() {
    Run.of("extract", "--load", "2", "-o", target, dump)
        .fails(0, "vmcore: " + dump + ": 2048 bytes excluded from the dump: written as zeros");

    assertThat(target).hasBinaryContent(Arrays.copyOf(DumpBuilder.pattern(0x10000, 0x800), 0x1000));
  }

  @Test
  void physicalRangeAcrossAHole() {
    Run.of("extract", "--phys", "0x3700-0x38ff", "-o", target, dump)
        .fails(0, "vmcore: " + dump + ": 256 bytes not RAM: written as zeros");

    assertThat(target).hasBinaryContent(Arrays.copyOf(DumpBuilder.pattern(0x3700, 0x100), 0x200));
  }

  @Test
  void virtualRangeByTheLoads() throws IOException {
    Path mapped =
        DumpBuilder.elf64()
            .load(0x1000, 0x1000)
            .vaddr(Dumps.DIRECT_MAP + 0x1000)
            .load(0x4000, 0x1000)
            .vaddr(Dumps.DIRECT_MAP + 0x4000)
            .writeTo(folder.resolve("mapped"));

    Run run = Run.of("extract", "--virt", "ffff888000001800+0x3000", "-o", target, mapped);

    assertThat(run.status()).isZero();
    assertThat(run.err())
        .contains("read by the PT_LOADs' virtual addresses")
        .endsWith(": 8192 bytes not mapped: written as zeros\n");
    byte[] bytes = Arrays.copyOf(DumpBuilder.pattern(0x1800, 0x800), 0x3000);
    System.arraycopy(DumpBuilder.pattern(0x4000, 0x800), 0, bytes, 0x2800, 0x800);
    assertThat(target).hasBinaryContent(bytes);
  }

  @Test
  void severalVirtualRangesByPageTables() throws IOException {
    Path paged = Contract.FOLDER.resolveSibling("samples/dumps/paged.vmcore");

    Run.of(
            "extract",
            "--virt",
            "0xffffc90000001000+4KiB",
            "--virt",
            "0xffffc90000000ff0-0xffffc9000000100f",
            "-o",
            target,
            paged)
        .ok();

    byte[] page =
        Files.readAllBytes(target.resolve("virt-0xffffc90000001000-0xffffc90000001fff.bin"));
    assertThat(page)
        .isEqualTo(
            Run.of(
                    "read",
                    "--virt",
                    "0xffffc90000001000",
                    "--length",
                    "4KiB",
                    "--format",
                    "raw",
                    paged)
                .bytes());
    assertThat(target.resolve("virt-0xffffc90000000ff0-0xffffc9000000100f.bin")).hasSize(32);
  }

  @Test
  void nothingIsMappedThere() {
    Run run = Run.of("extract", "--virt", "0x1000+0x1000", "-o", target, dump);

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("virtual addresses 0x1000-0x1fff: ");
    assertThat(target).doesNotExist();
  }

  @Test
  void severalPartsGoToADirectory() {
    Run.of("extract", "--phys", "0x1000+16", "--phys", "0x2000-0x2000", "-o", target, dump).ok();

    assertThat(target.resolve("phys-0x1000-0x100f.bin"))
        .hasBinaryContent(DumpBuilder.pattern(0x1000, 16));
    assertThat(target.resolve("phys-0x2000-0x2000.bin"))
        .hasBinaryContent(DumpBuilder.pattern(0x2000, 1));
  }

  @Test
  void allLoads() throws IOException {
    assertThat(Run.of("extract", "--all", "-o", target, dump).status()).isZero();

    try (var files = Files.list(target)) {
      assertThat(files)
          .extracting(file -> file.getFileName() + " " + Files.size(file))
          .containsExactlyInAnyOrder("load-1.bin 10240", "load-2.bin 4096", "load-3.bin 4096");
    }
  }

  @Test
  void onePartIntoADirectoryThatExists() throws IOException {
    Files.createDirectory(target);

    Run.of("extract", "--load", "1", "-o", target, dump).ok();

    assertThat(target.resolve("load-1.bin")).hasSize(0x2800);
  }

  @Test
  void lostBytesAreZerosWithExitStatus3() throws IOException {
    Path truncated = Dumps.truncated(folder);

    Run.of("extract", "--load", "1", "-o", target, truncated)
        .fails(
            3,
            "vmcore: "
                + truncated
                + ": 2048 bytes lost: written as zeros (offset 0x4000: the file ends here)");

    assertThat(target).hasBinaryContent(Arrays.copyOf(DumpBuilder.pattern(0x1000, 0x2000), 0x2800));
  }

  @Test
  void existingFileIsReplacedOnlyByForce() throws IOException {
    Files.writeString(target, "precious");

    Run.of("extract", "--load", "1", "-o", target, dump)
        .fails(1, "vmcore: " + target + ": cannot create: it already exists");
    assertThat(target).hasContent("precious");

    Run.of("extract", "--load", "1", "--force", "--no-sync", "-o", target, dump).ok();
    assertThat(target).hasSize(0x2800);
  }

  @Test
  void moreThanABlock() throws IOException {
    Path large = DumpBuilder.elf64().load(0x1000, 0x28_0000).writeTo(folder.resolve("large"));

    Run.of("extract", "--load", "0", "-o", target, large).ok();

    assertThat(target).hasBinaryContent(DumpBuilder.pattern(0x1000, 0x28_0000));
  }

  @Test
  void noSuchLoad() {
    for (int index : new int[] {0, 4}) {
      Run.of("extract", "--load", index, "-o", target, dump)
          .fails(1, "vmcore: " + dump + ": segment " + index + " is no PT_LOAD; these are: 1-3");
    }
    assertThat(target).doesNotExist();
  }

  @Test
  void nothingThere() {
    Run.of("extract", "--phys", "0x8000-0x8fff", "-o", target, dump)
        .fails(1, "vmcore: " + dump + ": physical addresses 0x8000-0x8fff: not RAM");
    assertThat(target).doesNotExist();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  @Timeout(60) // to read the holes would take many minutes
  void holesOfADumpAreNotReadAndStayHoles() throws IOException {
    long tib = 1L << 40;
    Path sparse =
        DumpBuilder.elf64().load(0x1000, 0x2000).sparse(tib, tib).writeTo(folder.resolve("sparse"));
    try (FileChannel file = FileChannel.open(sparse, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(DumpBuilder.pattern(0, 0x1000)), tib / 2);
    }

    Run.of("extract", "--all", "--no-sync", "-o", target, sparse).ok();

    Path load = target.resolve("load-1.bin");
    assertThat(Files.size(load)).isEqualTo(tib);
    try (ByteSource out = ByteSource.open(load)) {
      long data = out.nextData(0x1000);
      assertThat(data).isBetween(tib / 2 - 0x10000, tib / 2);
      assertThat(out.nextData(data + 0x20000)).isBetween(tib - 0x10000, tib);
      byte[] bytes = new byte[0x3000];
      out.read(tib / 2 - 0x3000, MemorySegment.ofArray(bytes));
      assertThat(bytes).contains(DumpBuilder.pattern(0, 0x1000)[5]);
    }
  }

  @Test
  void wrongUsage() {
    String which = "What to extract: give one of --load, --section, --phys, --virt and --all";
    Run.of("extract", "-o", target, dump).misused("vmcore extract", which);
    Run.of("extract", "--all", "--load", "1", "-o", target, dump).misused("vmcore extract", which);
    Run.of("extract", "--all", dump)
        .misused("vmcore extract", "Missing required option: '--output=FILE-or-DIR'");
    Run.of("extract", "--all", "-o", "-", dump)
        .misused("vmcore extract", "Only one part can go to stdout");
  }

  @Test
  void progressIsShownWhenAsked() {
    assertThat(
            Run.of("extract", "--load", "1", "--progress", "always", "-o", target, dump).status())
        .isZero();
    Run.of("extract", "--load", "1", "--progress", "maybe", "-o", target, dump)
        .misused(
            "vmcore extract",
            "Invalid value for option '--progress': 'maybe' is none of auto, always, never");
  }

  @Test
  void theDumpItselfIsNotReplacedEvenByForce() throws IOException {
    byte[] before = Files.readAllBytes(dump);

    Run.of("extract", "--load", "1", "--force", "-o", dump, dump)
        .fails(1, "vmcore: " + dump + ": is read by the command itself: not replaced");

    assertThat(dump).hasBinaryContent(before);
  }

  @Test
  void thePartThatIsGivenTwiceIsRefusedBeforeAnythingIsWritten() {
    Run.of("extract", "--load", "1", "--load", "1", "-o", target, dump)
        .misused("vmcore extract", "load-1.bin would be written twice");

    assertThat(target).isEmptyDirectory();
  }
}
