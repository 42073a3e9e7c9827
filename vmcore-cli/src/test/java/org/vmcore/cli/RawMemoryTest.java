package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.testing.DumpBuilder;

/** RAM without crash headers in place of a dump, and the files of a split dump. */
class RawMemoryTest {
  private static final String MAP = "0-0xafff@0";

  @TempDir Path folder;
  private Path ram;
  private Path lime;

  @BeforeEach
  void makeRam() throws IOException {
    ram = Ram.of(Ram.machine()).writeTo(folder.resolve("ram"));
    lime = Ram.of(Ram.machine()).writeLime(folder.resolve("lime"), 0, 0x6000);
  }

  @Test
  void infoOfLimeAndRaw() {
    assertThat(Run.of("info", lime).ok().lines())
        .contains(
            "format: lime",
            "architecture: x86_64, 64 bits, little endian",
            "kernel: 6.1.0-test",
            "CPUs: 0",
            "segments: 2",
            "pages: 11 present");
    assertThat(Run.of("info", "--ram-map", MAP, ram).ok().lines()).contains("format: raw");
    assertThat(Run.of("info", "--json", "--ram-map", MAP, lime).ok().json())
        .containsEntry("format", "raw");
  }

  @Test
  void ofSeveralVmcoreinfosInfoTellsWhichAndOneIsChosen() throws IOException {
    byte[] two = new byte[0x4000];
    for (int at = 0x1000; at <= 0x2000; at += 0x1000) {
      byte[] note =
          DumpBuilder.elf64()
              .ramImage()
              .noteArea(0x1024)
              .at(0)
              .vmcoreinfo("OSRELEASE=6." + (at >> 12))
              .build();
      System.arraycopy(note, 0, two, at, Math.min(note.length, 0x1000));
    }
    Path file = Files.write(folder.resolve("two"), two);
    Run info = Run.of("info", "--ram-map", "0-0x3fff@0", file).ok();
    assertThat(info.lines())
        .contains(
            "kernel: 6.1",
            "VMCOREINFO: taken: 0x1000 of 6.1 (nothing shows where its kernel is)",
            "VMCOREINFO: not taken: 0x2000 of 6.2 (nothing shows where its kernel is); it comes"
                + " first in memory; nothing else tells them apart");
    Run chosen = Run.of("info", "--vmcoreinfo", "0x2000", "--ram-map", "0-0x3fff@0", file).ok();
    assertThat(chosen.lines()).contains("kernel: 6.2", "VMCOREINFO: chosen, at 0x2000");
    Run.of("info", "--vmcoreinfo", "0x3000", "--ram-map", "0-0x3fff@0", file)
        .fails(1, "vmcore: " + file + ": physical address 0x3000: no VMCOREINFO note is there");
  }

  @Test
  void segmentsHaveNoVirtualAddress() {
    assertThat(Run.of("segments", "--no-header", lime).ok().lines())
        .containsExactly(
            "0 NOTE 0x1000 - 0x0 0x88 0x88 - 0x0", "1 LOAD 0x2000 - 0x0 0xb000 0xb000 RWE 0x0");
    assertThat(Run.of("segments", "--ram-map", MAP, ram).ok().out())
        .isEqualTo(Run.of("segments", lime).ok().out());
  }

  @Test
  void everyCommandWorksOnIt() throws IOException {
    byte[] bytes = Files.readAllBytes(ram);
    assertThat(
            Run.of("read", "--phys", "0x5800", "--length", "4KiB", "--format", "raw", lime)
                .ok()
                .bytes())
        .isEqualTo(Arrays.copyOfRange(bytes, 0x5800, 0x6800));
    assertThat(Run.of("vmcoreinfo", "--ram-map", MAP, ram).ok().lines())
        .contains("OSRELEASE=6.1.0-test");
    assertThat(Run.of("pages", "--json", lime).ok().records("ranges"))
        .containsExactly(Map.of("pfn", 0L, "count", 11L, "state", "present"));
    assertThat(Run.of("verify", lime).ok().lines())
        .contains("info crash_headers: made from the RAM's ranges: 0x0-0xafff")
        .endsWith("ok: 0 errors, 0 warnings");
    Path out = folder.resolve("out");
    Run.of("extract", "--all", "-o", out, "--ram-map", MAP, ram).ok();
    assertThat(out.resolve("load-1.bin")).hasSameBinaryContentAs(ram);
  }

  @Test
  void limeThatIsCutShortIsDamaged() throws IOException {
    byte[] whole = Files.readAllBytes(lime);
    Files.write(lime, Arrays.copyOf(whole, 0x6030));

    Run run = Run.of("info", lime).fails(3);
    assertThat(run.lines())
        .contains("warning: LiME: the file ends in a header; the 1 ranges before it are kept");

    Files.write(lime, Arrays.copyOf(whole, whole.length - 0x1000));
    assertThat(Run.of("info", lime).fails(3).lines())
        .contains("warning: the file ends too early: 4096 bytes of 1 ranges are lost");
  }

  @Test
  void partsGoWithADumpAndNothingElse() throws IOException {
    Run.of("info", "--part", ram, "--oldmem", ram)
        .misused("vmcore info", "--part has no effect with --oldmem");
    Run.of("info", "--part", ram, "--ram-map", MAP, ram)
        .misused("vmcore info", "no range of --ram-map is in " + ram);
    Run.of("build", "--part=x", "-o", folder.resolve("x"), ram)
        .misused("vmcore build", "Unknown option: '--part'");
    Run.of("info", "--part", "/nowhere", lime)
        .fails(1, "vmcore: /nowhere: no such file or directory");
    Path elf = Dumps.small(folder);
    Run.of("chunks", "--part", lime, "--part", ram, elf)
        .fails(1, "vmcore: " + lime + ": no part of " + elf + ": an ELF dump has no parts");
    Run.of("info", "--part", ram, lime)
        .fails(1, "vmcore: " + ram + ": no part of " + lime + ": a LiME image has no parts");
  }

  @Test
  void verifyShowsProgressWhenAsked() {
    assertThat(Run.of("verify", "--progress", "always", lime).status()).isZero();
    Run.of("verify", "--progress", "maybe", lime)
        .misused(
            "vmcore verify",
            "Invalid value for option '--progress': 'maybe' is none of auto, always, never");
  }
}
