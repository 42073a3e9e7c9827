package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.testing.DumpBuilder;

class PagesCommandTest {
  @TempDir Path folder;

  @Test
  void pages() throws IOException {
    assertThat(Run.of("pages", Dumps.small(folder)).ok().lines())
        .containsExactly(
            "PFN COUNT STATE",
            "0x0 1 not_ram",
            "0x1 3 present",
            "0x4 12 not_ram",
            "0x10 1 excluded",
            "0x11 15 not_ram",
            "0x20 1 excluded");
  }

  @Test
  void lostPagesGiveExitStatus3() throws IOException {
    Path dump = Dumps.truncated(folder);
    Run run =
        Run.of("pages", "--json", dump).fails(3, "vmcore: " + dump + ": page frames are lost");

    assertThat(run.records("ranges")).contains(Map.of("pfn", 3L, "count", 1L, "state", "lost"));
  }

  @Test
  void pagesOfADumpWithoutMemory() throws IOException {
    Path dump = DumpBuilder.elf64().vmcoreinfo("OSRELEASE=6.1.0").writeTo(folder.resolve("vmcore"));

    String error = "vmcore: " + dump + ": no PT_LOAD: the dump holds no memory";

    Run.of("pages", dump).fails(1, error);
    assertThat(Run.of("pages", "--json", dump).fails(1, error).records("ranges")).isEmpty();
  }
}
