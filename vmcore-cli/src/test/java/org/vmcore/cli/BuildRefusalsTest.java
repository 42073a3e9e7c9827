package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.testing.DumpBuilder;

/** What {@code build} refuses or leaves out, and says so. */
class BuildRefusalsTest {
  @TempDir Path folder;
  private Path ram;
  private Path out;

  @BeforeEach
  void makeRam() throws IOException {
    ram = Ram.crashed().writeTo(folder.resolve("ram"));
    out = folder.resolve("vmcore");
  }

  private static byte[] areas(byte[] image) {
    return Arrays.copyOfRange(image, 0x2000, image.length);
  }

  @Test
  void nonsenseLoadIsLeftOutAndTold() throws IOException {
    DumpBuilder nonsense = Ram.machine().load(0x3000, new byte[0]).memsz(-0x1000L).filesz(-0x1000L);
    Path image = Ram.of(nonsense).put(Ram.HEADERS, Ram.headers(nonsense)).writeTo(ram);

    Run run = Run.of("build", "-o", out, "--elfcorehdr", "40K", image);

    assertThat(run.err()).startsWith("vmcore: " + image + ": program header 4").hasLineCount(1);
    assertThat(run.status()).isEqualTo(3);
    assertThat(areas(Files.readAllBytes(out))).isEqualTo(Ram.areas(0));
  }

  @Test
  void headersThatAreNoneAreRefused() throws IOException {
    Run.of("build", "--elfcorehdr", "0x1000", "-o", out, ram)
        .fails(
            1,
            "vmcore: "
                + ram
                + ": offset 0x1000: elfcorehdr at 0x1000: e_ident: no ELF header is there");
    Run.of("build", "--elfcorehdr", "0x100000", "-o", out, ram)
        .fails(
            1,
            "vmcore: "
                + ram
                + ": offset 0x100000: elfcorehdr at 0x100000: ELF header: no RAM is there to be"
                + " read");
    Path bare = Ram.of(Ram.machine()).writeTo(folder.resolve("bare"));
    Run.of("build", "-o", out, bare)
        .fails(
            1,
            "vmcore: "
                + bare
                + ": no elfcorehdr in it: is its RAM elsewhere (--ram-map)? If there was no kdump:"
                + " prepare makes one; opened as DUMP (raw memory with --ram-map) it needs none");
    Run.of("build", "--dtb", bare, "-o", out, ram)
        .fails(1, "vmcore: " + bare + ": offset 0x0: magic: not a flattened device tree");
    assertThat(out).doesNotExist();
  }

  @Test
  void existingFileIsReplacedOnlyByForce() throws IOException {
    Files.writeString(out, "precious");

    Run.of("build", "-o", out, ram)
        .fails(1, "vmcore: " + out + ": cannot create: it already exists");
    assertThat(out).hasContent("precious");
    assertThat(Run.of("build", "--force", "--no-sync", "-o", out, ram).ok().out()).isEmpty();
    assertThat(Files.getPosixFilePermissions(out)).hasSize(2);
  }

  @Test
  void wrongUsage() {
    String build = "vmcore build";
    Run.of("build", "-o", out).misused(build, "Missing required parameter: 'RAM'");
    Run.of("build", ram).misused(build, "Missing required option: '--output=OUT'");
    Run.of("build", "-o", out, "--oldmem", ram, ram)
        .misused(build, "Give RAM or --oldmem, not both");
    Run.of("info", "--oldmem", ram, ram).misused("vmcore info", "Give DUMP or --oldmem, not both");
    Run.of("build", "--elfcorehdr", "40K", "--dtb", ram, "-o", out, ram)
        .misused(
            build,
            "Where the crash headers are: give one of --elfcorehdr, --elfcorehdr-file and --dtb");
    for (String option : new String[] {"--elfcorehdr", "--elfcorehdr-file", "--dtb"}) {
      Run.of("info", option, "1", ram)
          .misused("vmcore info", option + " has no effect without --oldmem");
    }
    Run.of("info", "--ram-map", "0-1@0")
        .misused("vmcore info", "Missing required parameter: 'DUMP'");
    Run.of("build", "--note-align", "8", "-o", out, ram)
        .misused(build, "Invalid value for option '--note-align': '8' is none of 0, 4");
    Run.of("build", "--elfcorehdr", "here", "-o", out, ram)
        .misused(build, "Invalid value for option '--elfcorehdr': 'here': a number is missing");
  }

  @Test
  void wrongRamMaps() {
    for (String[] each :
        new String[][] {
          {"0-0xfff", "'0-0xfff' is not FROM-TO@OFFSET"},
          {"0-0xfff@", "'' is not a number like 4096, 0x1000 or 4KiB"},
          {"0xfff-0@0", "'0xfff-0' ends before it begins"},
          {"0-0xfff@0,0xfff-0x1fff@0x1000", "overlap at 0xfff"},
        }) {
      Run run = Run.of("build", "--ram-map", each[0], "-o", out, ram);
      assertThat(run.err()).contains("'--ram-map'").contains(each[1]).hasLineCount(2);
      assertThat(run.status()).isEqualTo(2);
    }
  }
}
