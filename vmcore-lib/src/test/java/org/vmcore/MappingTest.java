package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.vmcore.testing.DumpBuilder.pattern;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Mapping;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;
import org.vmcore.open.Padding;
import org.vmcore.testing.CountingMemory;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.Reading;

/** One contiguous range of the image. */
class MappingTest extends MappedDump {
  static Stream<Arguments> mixes() {
    return Stream.of(
        Arguments.of("saved", saved(), OpenOptions.DEFAULT),
        Arguments.of(
            "saved, mainline", saved(), OpenOptions.builder().padding(Padding.OLDMEM).build()),
        Arguments.of("mixed", mixed(), OpenOptions.DEFAULT),
        Arguments.of(
            "mixed, mainline", mixed(), OpenOptions.builder().padding(Padding.OLDMEM).build()),
        Arguments.of("packed", mixed().packed().truncateAt(0xa000), OpenOptions.DEFAULT),
        Arguments.of("64 KiB pages", mixed(), OpenOptions.builder().pageSize(0x10000).build()),
        Arguments.of(
            "big-endian, 32 bits",
            DumpBuilder.elf32().bigEndian().prstatus(1, 11).load(0x1800, 0x9000),
            OpenOptions.DEFAULT));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mixes")
  void aMappingHoldsWhatReadingGives(String name, DumpBuilder dump, OpenOptions options)
      throws Exception {
    try (Vmcore vmcore = Vmcore.open(dump.writeTo(dir.resolve("dump")), options)) {
      int size = (int) vmcore.size();
      for (int offset : new int[] {0, 1, 0xfff, 0x1000, 0x1234, 0x2400, 0x5000, 0x6800}) {
        for (int length : new int[] {1, 0xfff, 0x1000, 0x1001, 0x2fff, 0x5801, size - offset}) {
          int clipped = Math.min(length, size - offset);
          try (Mapping mapping = vmcore.map(offset, clipped)) {
            assertThat(bytes(mapping))
                .as("%s %x+%x", name, offset, clipped)
                .isEqualTo(expected(vmcore, offset, clipped));
          }
        }
      }
    }
  }

  @Test
  void aSavedVmcoreIsSharedWithItsFile() throws Exception {
    assumeTrue(Reading.isLinux());
    try (Vmcore vmcore = open(saved());
        Mapping mapping = vmcore.map(0, vmcore.size())) {
      assertThat(mapping.kind()).isEqualTo(Mapping.Kind.ZERO_COPY);
      assertThat(mapping.whyCopied()).isEmpty();
      assertThat(mapping.missing()).isEmpty();
      assertThat(mapping.bytes().byteSize()).isEqualTo(vmcore.size());
      assertThat(mapping.bytes().asSlice(0x2000, 0x4000).toArray(ValueLayout.JAVA_BYTE))
          .isEqualTo(pattern(0x10000, 0x4000));
    }
  }

  @Test
  void aChangeOfTheFileShowsInWhatIsShared() throws Exception {
    assumeTrue(Reading.isLinux());
    try (Vmcore vmcore = open(saved());
        Mapping mapping = vmcore.map(0x2000, 0x1000)) {
      try (FileChannel file = FileChannel.open(dir.resolve("dump"), StandardOpenOption.WRITE)) {
        file.write(ByteBuffer.wrap(new byte[] {77}), 0x2005);
      }
      assertThat(mapping.bytes().get(ValueLayout.JAVA_BYTE, 5)).isEqualTo((byte) 77);
    }
  }

  @Test
  void unalignedLoadsAreCopied() throws Exception {
    try (Vmcore vmcore = open(DumpBuilder.elf64().packed().load(0x1000, 0x3000));
        Mapping mapping = vmcore.map(0, vmcore.size())) {
      assertThat(mapping.kind()).isEqualTo(Mapping.Kind.COPIED);
      assertThat(mapping.whyCopied().orElse(""))
          .startsWith("image offset 0x1000: it lies at file offset 0x78, not aligned to this");
      assertThat(mapping.toString())
          .startsWith("Mapping[0x4000 bytes, COPIED: image offset 0x1000: ");
      assertThat(bytes(mapping)).endsWith(pattern(0x1000, 0x3000));
    }
  }

  @Test
  void alignedLoadsBesideUnalignedOnesAreShared() throws Exception {
    assumeTrue(Reading.isLinux());
    DumpBuilder dump = DumpBuilder.elf64().load(0x1000, 0x3000).load(0x8000, 0x2000).at(0x4010);
    try (Vmcore vmcore = open(dump);
        Mapping mapping = vmcore.map(0, vmcore.size())) {
      assertThat(mapping.kind()).isEqualTo(Mapping.Kind.PARTLY_COPIED);
      assertThat(mapping.whyCopied().orElse(""))
          .startsWith("image offset 0x4000: it lies at file offset 0x4010, not aligned");
      assertThat(bytes(mapping)).endsWith(pattern(0x8000, 0x2000));
    }
  }

  @Test
  void whatIsMissingIsListedAndReadsAsZeros() throws Exception {
    DumpBuilder dump =
        DumpBuilder.elf64()
            .load(0x1000, 0x1000)
            .memsz(0x3000)
            .excluded(0x8000, 0x1000)
            .load(0x9000, 0x3000)
            .truncateAt(0x2800);
    try (Vmcore vmcore = open(dump);
        Mapping mapping = vmcore.map(0, vmcore.size())) {
      assertThat(mapping.missing())
          .containsExactly(
              new Extent(0x2000, 0x3000, PageState.EXCLUDED),
              new Extent(0x5800, 0x2800, PageState.LOST));
      assertThat(mapping.bytes().asSlice(0x2000, 0x3000).toArray(ValueLayout.JAVA_BYTE))
          .containsOnly(0);
      assertThat(mapping.bytes().asSlice(0x5800).toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
      assertThat(mapping.bytes().asSlice(0x5000, 0x800).toArray(ValueLayout.JAVA_BYTE))
          .isEqualTo(pattern(0x9000, 0x800));
    }
  }

  @Test
  void whatIsMissingIsClippedToTheMapping() throws Exception {
    try (Vmcore vmcore = open(DumpBuilder.elf64().excluded(0x8000, 0x4000));
        Mapping mapping = vmcore.map(0x1801, 0x10)) {
      assertThat(mapping.missing()).containsExactly(new Extent(0x1801, 0x10, PageState.EXCLUDED));
    }
  }

  @Test
  void aMappingIsReadOnly() throws Exception {
    try (Vmcore vmcore = open(saved());
        Mapping mapping = vmcore.map(0, vmcore.size())) {
      assertThat(mapping.bytes().isReadOnly()).isTrue();
      assertThatThrownBy(() -> mapping.bytes().set(ValueLayout.JAVA_BYTE, 0, (byte) 1))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 1",
    "0, 0",
    "0, -1",
    "0, 0xa001",
    "0xa000, 1",
    "0x1000, 0x7fffffffffffffff",
    "0x7fffffffffffffff, 1",
    "-0x8000000000000000, 1"
  })
  void aMappingLiesInsideOfTheImage(String offset, String size) throws Exception {
    try (Vmcore vmcore = open(saved())) {
      assertThat(vmcore.size()).isEqualTo(0xa000);
      assertThatThrownBy(() -> vmcore.map(Long.decode(offset), Long.decode(size)))
          .isInstanceOf(VmcoreException.class)
          .hasMessageContaining("no range of the image to map");
    }
  }

  @Test
  void aFileSystemThatCantMapIsCopied() throws Exception {
    try (FileSystem jimfs = Jimfs.newFileSystem(Configuration.unix());
        Vmcore vmcore = Vmcore.open(saved().writeTo(jimfs.getPath("/dump")));
        Mapping mapping = vmcore.map(0, vmcore.size())) {
      assertThat(mapping.kind()).isEqualTo(Mapping.Kind.COPIED);
      assertThat(mapping.whyCopied().orElse(""))
          .matches("image offset 0x[0-9a-f]+: the file can't be mapped");
      assertThat(bytes(mapping)).isEqualTo(expected(vmcore, 0, (int) vmcore.size()));
    }
  }

  @Test
  void oldMemoryThatIsNoFileIsCopied() throws Exception {
    DumpBuilder headers = DumpBuilder.elf64().ramImage().load(0x2400, 0x2c10);
    try (Vmcore vmcore =
            Vmcore.of(
                "oldmem",
                headers.crashHeaders(),
                CountingMemory.pattern(0x10000),
                OpenOptions.DEFAULT);
        Mapping mapping = vmcore.map(0x1400, 0x2c10)) {
      assertThat(mapping.kind()).isEqualTo(Mapping.Kind.COPIED);
      assertThat(bytes(mapping)).isEqualTo(pattern(0x2400, 0x2c10));
    }
  }

  @Test
  void aFaultMidwayIsTold() throws Exception {
    DumpBuilder headers = DumpBuilder.elf64().ramImage().load(0x2400, 0x2c10);
    CountingMemory memory = CountingMemory.pattern(0x10000).failing(0x4000, 1);
    try (Vmcore vmcore = Vmcore.of("oldmem", headers.crashHeaders(), memory, OpenOptions.DEFAULT)) {
      assertThatThrownBy(() -> vmcore.map(0, vmcore.size()))
          .isInstanceOf(VmcoreException.class)
          .hasMessageContaining("injected fault");
    }
  }
}
