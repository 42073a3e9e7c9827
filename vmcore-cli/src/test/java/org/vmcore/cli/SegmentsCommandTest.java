package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.testing.DumpBuilder;

class SegmentsCommandTest {
  @TempDir Path folder;

  @Test
  void segments() throws IOException {
    assertThat(Run.of("segments", Dumps.small(folder)).ok().out().lines())
        .containsExactly(
            "INDEX  TYPE  OFFSET             VIRTUAL  PHYSICAL  FILESIZE  MEMSIZE  FLAGS  ALIGN",
            "    0  NOTE  0x1000                 0x0       0x0     0x1dc    0x1dc  -        0x0",
            "    1  LOAD  0x2000  0xffff888000001000    0x1000    0x2800   0x2800  RWE      0x0",
            "    2  LOAD  0x5000  0xffff888000010000   0x10000     0x800   0x1000  RWE      0x0",
            "    3  LOAD  0x6000  0xffff888000020000   0x20000       0x0   0x1000  RWE      0x0");
  }

  @Test
  void segmentsAsJson() throws IOException {
    assertThat(Run.of("segments", "-j", Dumps.small(folder)).ok().records("segments").get(2))
        .containsExactly(
            Map.entry("index", 2L),
            Map.entry("type", "LOAD"),
            Map.entry("flags", "RWE"),
            Map.entry("offset", "0x5000"),
            Map.entry("vaddr", "0xffff888000010000"),
            Map.entry("paddr", "0x10000"),
            Map.entry("filesz", "0x800"),
            Map.entry("memsz", "0x1000"),
            Map.entry("align", "0x0"));
  }

  @Test
  void virtualAddressThatTheDumpDoesNotKnowIsLeftOut() throws IOException {
    Path dump =
        DumpBuilder.elf64().load(0x1000, 0x1000).vaddr(0x1000).writeTo(folder.resolve("vmcore"));

    assertThat(Run.of("segments", "--no-header", dump).lines())
        .containsExactly("0 LOAD 0x1000 - 0x1000 0x1000 0x1000 RWE 0x0");
    assertThat(Run.of("segments", "-j", dump).records("segments").getFirst())
        .doesNotContainKey("vaddr");
  }
}
