package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.testing.DumpBuilder;

/** Searches of memory end with {@code --search-limit}, and say so. */
class SearchLimitTest {
  private static final String CUT =
      "VMCOREINFO: memory is not searched from 0x1000 on: the limit is 4096 bytes (--search-limit)";

  @TempDir Path folder;

  private Path dump() throws IOException {
    return DumpBuilder.elf64()
        .load(0, 0x4000)
        .vaddr(Dumps.DIRECT_MAP)
        .writeTo(folder.resolve("vmcore"));
  }

  private Path ram() throws IOException {
    return Files.write(folder.resolve("ram"), new byte[0x4000]);
  }

  @Test
  void infoWarnsOfWhatItDidntSearch() throws IOException {
    Run run = Run.of("info", "--search-limit", "4KiB", dump()).ok();

    assertThat(run.lines())
        .contains(
            "VMCOREINFO: no note, and none in what was searched of memory", "warning: " + CUT);
    assertThat(Run.of("info", "--search-limit", "none", dump()).ok().lines())
        .contains("VMCOREINFO: no note, and none in memory")
        .noneMatch(line -> line.startsWith("warning:"));
  }

  @Test
  void logNeedsWhatWasntSearched() throws IOException {
    Path dump = dump();
    String missing = "no VMCOREINFO, which tells where the kernel's log is";

    Run.of("log", "--search-limit", "4KiB", dump)
        .fails(1, "vmcore: " + dump + ": " + missing + "; " + CUT);
    Run.of("log", dump).fails(1, "vmcore: " + dump + ": " + missing);
  }

  @Test
  void symbolSaysWhatWasntSearched() throws IOException {
    Path dump = dump();
    String from = "; memory is not searched from 0xffff888000000000 on: the limit is 0 bytes";

    Run.of("symbol", "--search-limit", "0", dump, "panic")
        .fails(
            1,
            "vmcore: " + dump + ": the kernel's kallsyms isn't found" + from + " (--search-limit)",
            "vmcore: "
                + dump
                + ": the kernel's list of modules isn't found"
                + from
                + " (--search-limit)",
            "vmcore: " + dump + ": no page tables: there is no VMCOREINFO",
            "vmcore: " + dump + ": no symbol panic");
  }

  @Test
  void rawMemoryOpensWithAWarning() throws IOException {
    assertThat(
            Run.of("info", "--search-limit", "4096", "--ram-map", "0-0x3fff@0", ram()).ok().lines())
        .contains("warning: " + CUT);
  }

  @Test
  void anElfcorehdrThatWasntSearchedForIsNotFound() throws IOException {
    Path ram = ram();

    Run.of("segments", "--search-limit", "4096", "--oldmem", ram)
        .fails(
            1,
            "vmcore: "
                + ram
                + ": no elfcorehdr found; memory is not searched from 0x1000 on: the limit is 4096"
                + " bytes (--search-limit)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "much", "0x8000000000000000"})
  void aLimitIsANumber(String limit) throws IOException {
    assertThat(Run.of("info", "--search-limit", limit, dump()).status()).isEqualTo(2);
  }
}
