package org.vmcore.cli.coresight;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.coresight.CrashMetadata;
import org.vmcore.coresight.DumpNode;
import org.vmcore.coresight.ReservedTraces;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Memory;
import org.vmcore.testing.CrashMetadataBytes;
import org.vmcore.testing.DumpBuilder;

class SnapshotFolderTest {
  @TempDir Path folder;

  private static DumpNode sink(long size) {
    return new DumpNode(
        0x1000,
        OptionalInt.of(0),
        OptionalInt.of(DumpNode.PANIC),
        0,
        Optional.empty(),
        0x2000,
        size,
        Optional.empty(),
        Optional.empty(),
        false);
  }

  @Test
  void itsSizeIsThatOfItsWholeFrames() throws Exception {
    byte[] memory = new byte[0x2000];
    byte[] metadata = new CrashMetadataBytes(0x1000, new byte[0x800]).trace(0x10, 0x38).build();
    System.arraycopy(metadata, 0, memory, 0, metadata.length);
    Path dump = DumpBuilder.elf64().load(0, memory).writeTo(folder.resolve("vmcore"));
    try (Vmcore vmcore = Vmcore.open(dump)) {
      Memory physical = vmcore.physical();
      List<CrashMetadata> reserved = ReservedTraces.in(physical, AddressRange.ofSize(0, 0x1000));
      Traces traces =
          new Traces(new SavedNodes(physical, List.of(sink(5000), sink(7))), physical, reserved);
      assertThat(SnapshotFolder.of(traces).size()).isEqualTo(4992 + 0x20);
      assertThat(traces.size()).isEqualTo(5000 + 7 + 0x28);
    }
  }
}
