package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChunksCommandTest {
  @TempDir Path folder;

  @Test
  void chunks() throws IOException {
    assertThat(Run.of("chunks", Dumps.small(folder)).ok().out().lines())
        .containsExactly(
            "OFFSET    SIZE  KIND    CONTENT      SOURCE  SEGMENT",
            "   0x0  0x1000  BUFFER  header            -        -",
            "0x1000  0x1000  BUFFER  notes             -        0",
            "0x2000  0x2000  OLDMEM  load         0x2000        1",
            "0x4000  0x1000  BUFFER  load         0x4000        1",
            "0x5000  0x1000  OLDMEM  load         0x5000        2",
            "0x6000  0x1000  OLDMEM  load         0x6000        3");
  }

  @Test
  void chunksAsJson() throws IOException {
    Run run = Run.of("chunks", "-j", Dumps.small(folder)).ok();

    assertThat(run.json()).containsEntry("size", "0x7000");
    assertThat(run.records("chunks"))
        .startsWith(
            Map.of("offset", "0x0", "size", "0x1000", "kind", "BUFFER", "content", "header"))
        .contains(
            Map.of(
                "offset", "0x4000", "size", "0x1000", "kind", "BUFFER", "source", "0x4000",
                "content", "load", "segment", 1L));
  }
}
