package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.vmcore.testing.DumpBuilder.pattern;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Mapping;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.Reading;

/** Mappings of dumps and files that are replaced, cut or closed. */
class MappingLifetimeTest extends MappedDump {
  @Test
  void aReplacedFileIsCopiedFromTheOneThatIsOpen() throws Exception {
    try (Vmcore vmcore = open(saved())) {
      Files.move(dir.resolve("dump"), dir.resolve("away"));
      Files.write(dir.resolve("dump"), new byte[0x10000]);
      try (Mapping mapping = vmcore.map(0x2000, 0x4000)) {
        assertThat(mapping.kind()).isEqualTo(Mapping.Kind.COPIED);
        assertThat(bytes(mapping)).isEqualTo(pattern(0x10000, 0x4000));
      }
    }
  }

  @Test
  void aRemovedFileIsCopiedFromTheOneThatIsOpen() throws Exception {
    assumeTrue(Reading.isLinux());
    try (Vmcore vmcore = open(saved())) {
      Files.delete(dir.resolve("dump"));
      try (Mapping mapping = vmcore.map(0x2000, 0x4000)) {
        assertThat(mapping.kind()).isEqualTo(Mapping.Kind.COPIED);
        assertThat(bytes(mapping)).isEqualTo(pattern(0x10000, 0x4000));
      }
    }
  }

  @Test
  void whatAFileWasTruncatedByIsMissingInMappings() throws Exception {
    assumeTrue(Reading.isLinux());
    try (Vmcore vmcore = open(saved())) {
      try (FileChannel file = FileChannel.open(dir.resolve("dump"), StandardOpenOption.WRITE)) {
        file.truncate(0x3800);
      }
      try (Mapping mapping = vmcore.map(0x2000, 0x4000)) {
        assertThat(bytes(mapping)).isEqualTo(Arrays.copyOf(pattern(0x10000, 0x1800), 0x4000));
        assertThat(mapping.missing()).containsExactly(new Extent(0x3800, 0x2800, PageState.LOST));
      }
      try (Mapping mapping = vmcore.map(0x2000, 0x1000)) {
        assertThat(bytes(mapping)).isEqualTo(pattern(0x10000, 0x1000));
      }
    }
  }

  @Test
  void aMappingOutlivesItsDumpAndItsFile() throws Exception {
    Vmcore vmcore = open(saved());
    try (Mapping mapping = vmcore.map(0, vmcore.size())) {
      byte[] before = bytes(mapping);
      vmcore.close();
      Files.delete(dir.resolve("dump"));
      assertThat(bytes(mapping)).isEqualTo(before);
    }
  }

  @Test
  void aClosedMappingCantBeRead() throws Exception {
    try (Vmcore vmcore = open(saved())) {
      Mapping mapping = vmcore.map(0, vmcore.size());
      mapping.close();
      mapping.close();
      assertThatThrownBy(() -> mapping.bytes().get(ValueLayout.JAVA_BYTE, 0))
          .isInstanceOf(IllegalStateException.class);
      vmcore.map(0, vmcore.size()).close();
    }
  }

  @Test
  void aClosedDumpCantBeMapped() throws Exception {
    Vmcore vmcore = open(saved());
    vmcore.close();
    assertThatThrownBy(() -> vmcore.map(0, 0x1000))
        .isInstanceOf(VmcoreException.class)
        .hasMessageContaining("the dump is closed");
  }

  @Test
  void eightThreadsMapAtOnce() throws Exception {
    try (Vmcore vmcore = open(mixed())) {
      byte[] wanted = expected(vmcore, 0, (int) vmcore.size());
      Reading.inThreads(
          () -> {
            for (int i = 0; i < 50; i++) {
              try (Mapping mapping = vmcore.map(0, vmcore.size())) {
                assertThat(mapping.bytes().mismatch(MemorySegment.ofArray(wanted))).isEqualTo(-1);
              }
            }
            return true;
          });
    }
  }
}
