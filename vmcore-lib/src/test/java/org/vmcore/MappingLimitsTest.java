package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.vmcore.memory.Mapping;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.Reading;

/** How much is copied for a mapping, and in how many pieces it is mapped. */
@Tag("slow")
class MappingLimitsTest extends MappedDump {
  @Test
  void moreToCopyThanTheLimitIsRefusedClearly() throws Exception {
    Path file = DumpBuilder.elf64().packed().load(0x1000, 0x3000).writeTo(dir.resolve("dump"));
    OpenOptions options = OpenOptions.builder().copyLimit(0x2fff).build();
    try (Vmcore vmcore = Vmcore.open(file, options)) {
      assertThatThrownBy(() -> vmcore.map(0x1000, 0x3000))
          .isInstanceOf(VmcoreException.class)
          .hasMessage(
              file
                  + ": can't be mapped: what can't be shared with the file would have to be copied,"
                  + " 12288 bytes, more than the limit of 12287");
      vmcore.map(0x1000, 0x2000).close();
    }
  }

  @Test
  void whatIsSharedOrMissingDoesNotCountForTheLimit() throws Exception {
    assumeTrue(Reading.isLinux());
    Path file =
        DumpBuilder.elf64()
            .load(0x1000, 0x3000)
            .excluded(0x10000, 1L << 40)
            .writeTo(dir.resolve("dump"));
    try (Vmcore vmcore = Vmcore.open(file, OpenOptions.builder().copyLimit(0x1000).build());
        Mapping mapping = vmcore.map(0, vmcore.size())) {
      assertThat(mapping.kind()).isEqualTo(Mapping.Kind.ZERO_COPY);
    }
  }

  @Test
  void piecesThatFollowEachOtherInTheFileAreOne() throws Exception {
    assumeTrue(Reading.isLinux());
    DumpBuilder dump = DumpBuilder.elf64();
    for (int i = 0; i < 70_000; i++) {
      dump.sparse(0x2000L * i, 0x1000);
    }
    try (Vmcore vmcore = open(dump);
        Mapping mapping = vmcore.map(0, vmcore.size())) {
      assertThat(mapping.kind()).isEqualTo(Mapping.Kind.ZERO_COPY);
    }
  }

  @Test
  void morePiecesThanTheSystemMapsAreRefusedByName() throws Exception {
    assumeTrue(Reading.isLinux());
    Path limit = Path.of("/proc/sys/vm/max_map_count");
    assumeTrue(Long.parseLong(Files.readAllLines(limit).getFirst()) <= 80_000);
    DumpBuilder dump = DumpBuilder.elf64();
    for (int i = 0; i < 40_000; i++) {
      dump.sparse(0x2000L * i, 0x1010);
    }
    try (Vmcore vmcore = open(dump)) {
      assertThatThrownBy(() -> vmcore.map(0, vmcore.size()))
          .isInstanceOf(VmcoreException.class)
          .hasMessageContaining("mappings are needed; the system allows")
          .hasMessageContaining("vm.max_map_count");
      vmcore.map(vmcore.size() - 0x10000, 0x10000).close();
    }
  }
}
