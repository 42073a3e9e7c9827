package org.vmcore.format.kdump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.memory.PageState.EXCLUDED;
import static org.vmcore.memory.PageState.LOST;
import static org.vmcore.memory.PageState.NOT_RAM;
import static org.vmcore.testing.MemoryContract.Part.missing;
import static org.vmcore.testing.MemoryContract.Part.present;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.codec.Compression;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.open.OpenOptions;
import org.vmcore.testing.KdumpBuilder;
import org.vmcore.testing.MemoryContract;
import org.vmcore.testing.Reading;

/** The contract of {@link Memory}, with pages of every kind. */
class KdumpMemoryTest {
  @TempDir Path dir;

  private static KdumpBuilder dump(int blockSize) {
    return KdumpBuilder.le64()
        .blockSize(blockSize)
        .vmcoreinfo("OSRELEASE=6.1.0")
        .page(2, Compression.ZLIB)
        .page(3, Compression.RAW)
        .page(4, Compression.LZO1X)
        .excluded(5)
        .page(6, Compression.ZLIB)
        .set("page[6].offset", 0)
        .page(7, Compression.SNAPPY)
        .page(8, Compression.ZSTD)
        .page(9, Compression.RAW)
        .set("page[9].offset", 1L << 40)
        .same(0xb, 3);
  }

  /** What is in the dump; what is behind it are notes. */
  private static List<MemoryContract.Part> parts(int size) {
    KdumpBuilder dump = dump(size);
    return new ArrayList<>(
        List.of(
            present(2L * size, dump.content(2)),
            present(3L * size, dump.content(3)),
            present(4L * size, dump.content(4)),
            missing(5L * size, size, EXCLUDED),
            missing(6L * size, size, LOST),
            present(7L * size, dump.content(7)),
            present(8L * size, dump.content(8)),
            missing(9L * size, size, LOST),
            present(0xbL * size, dump.content(3))));
  }

  @Test
  void withoutPagesThereIsNoRamAnywhere() throws Exception {
    Path file = KdumpBuilder.le64().writeTo(dir.resolve("d"));
    try (ByteSource source = ByteSource.open(file)) {
      Memory memory =
          KdumpFiles.open("kdump", source, List.of(), OptionalLong.empty(), new ArrayList<>())
              .memory();
      for (long address : new long[] {0, 1, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
        Extent extent = memory.extentAt(address);
        assertThat(extent.contains(address)).as("%s at %x", extent, address).isTrue();
        assertThat(extent.state()).isEqualTo(NOT_RAM);
        assertThat(Reading.bytes(memory, address, 16)).isEmpty();
      }
    }
  }

  abstract static class OfKdump extends MemoryContract {
    @Override
    protected boolean isFoundFromAnywhere() {
      return false; // how far the pages in front of it are alike is not looked for
    }

    Subject oldMemory(Path file, int blockSize) throws IOException {
      byte[] bytes = dump(blockSize).build();
      ByteSource source = ByteSource.open(Files.write(file, bytes));
      Memory memory =
          KdumpFiles.open("kdump", source, List.of(), OptionalLong.empty(), new ArrayList<>())
              .memory();
      List<Part> parts = parts(blockSize);
      int notes = blockSize + 0x80;
      parts.add(present(0xcL * blockSize, Arrays.copyOfRange(bytes, notes, notes + 24 + 16)));
      return new Subject(memory, parts, source);
    }

    Subject physical(Path file, OpenOptions options) throws IOException {
      Vmcore vmcore = Vmcore.open(dump(4096).writeTo(file), options);
      return new Subject(vmcore.physical(), parts(4096), vmcore);
    }
  }

  @Nested
  class OldMemory extends OfKdump {
    @Override
    protected Subject open() throws IOException {
      return oldMemory(dir.resolve("d"), 4096);
    }
  }

  @Nested
  class OldMemoryInBlocksOf64KiB extends OfKdump {
    @Override
    protected Subject open() throws IOException {
      return oldMemory(dir.resolve("d"), 65536);
    }
  }

  @Nested
  class OldMemoryThatCantBeMapped extends OfKdump {
    @Override
    protected Subject open() throws IOException {
      FileSystem jimfs = Jimfs.newFileSystem(Configuration.unix());
      return oldMemory(jimfs.getPath("d"), 4096);
    }
  }

  @Nested
  class Physical extends OfKdump {
    @Override
    protected Subject open() throws IOException {
      return physical(dir.resolve("d"), OpenOptions.DEFAULT);
    }
  }

  /** In parts, each of which has some of the pages. */
  @Nested
  class Split extends OfKdump {
    @Override
    protected Subject open() throws IOException {
      Path first = dump(4096).part(0, 4).writeTo(dir.resolve("1"));
      List<Path> others =
          List.of(
              dump(4096).part(8, 0xc).writeTo(dir.resolve("3")),
              dump(4096).part(4, 8).writeTo(dir.resolve("2")));
      Vmcore vmcore = Vmcore.open(first, OpenOptions.builder().parts(others).build());
      return new Subject(vmcore.physical(), parts(4096), vmcore);
    }
  }
}
