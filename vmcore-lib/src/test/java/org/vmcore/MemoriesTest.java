package org.vmcore;

import static org.vmcore.memory.PageState.EXCLUDED;
import static org.vmcore.memory.PageState.LOST;
import static org.vmcore.memory.PageState.NOT_RAM;
import static org.vmcore.testing.DumpBuilder.pattern;
import static org.vmcore.testing.MemoryContract.Part.missing;
import static org.vmcore.testing.MemoryContract.Part.present;
import static org.vmcore.testing.MemoryContract.Part.zeros;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.Memory;
import org.vmcore.oldmem.FileOldMemory;
import org.vmcore.oldmem.LiveMemory;
import org.vmcore.oldmem.RestrictedMemory;
import org.vmcore.open.OpenOptions;
import org.vmcore.open.Padding;
import org.vmcore.testing.CountingMemory;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.MemoryContract;

/** The contract of {@link Memory}, for every one there is. */
class MemoriesTest {
  private static final long DIRECT_MAP = 0xffff_8880_0000_0000L;
  private static final byte AROUND = (byte) 0xaa;

  @TempDir Path dir;

  /**
   * A dump with a whole segment, a fractional one whose end was left out, one inside of a page, one
   * that was left out, and one whose end is lost. It is laid out as the image will be.
   */
  private static DumpBuilder dump() {
    return DumpBuilder.elf64()
        .padding(AROUND)
        .prstatus(1, 11)
        .load(0x10000, 0x2000)
        .vaddr(DIRECT_MAP + 0x10000)
        .load(0x20800, 0x1000)
        .memsz(0x1400)
        .vaddr(DIRECT_MAP + 0x20800)
        .load(0x40010, 0x20)
        .at(0x6010)
        .excluded(0x50000, 0x1000)
        .at(0x7000)
        .vaddr(DIRECT_MAP + 0x50000)
        .load(0x60000, 0x3000)
        .vaddr(DIRECT_MAP + 0x60000)
        .at(0x8000)
        .truncateAt(0x9800);
  }

  private static List<MemoryContract.Part> imageParts(Padding padding) {
    byte[] file = dump().build();
    boolean zero = padding == Padding.ZERO;
    return List.of(
        present(0, Arrays.copyOf(file, 0x2000)),
        present(0x2000, pattern(0x10000, 0x2000)),
        present(0x4000, filled(0x800, zero ? 0 : AROUND)),
        present(0x4800, pattern(0x20800, 0x1000)),
        missing(0x5800, 0x400, EXCLUDED),
        zero ? present(0x5c00, new byte[0x400]) : zeros(0x5c00, 0x400),
        present(0x6000, filled(0x10, zero ? 0 : AROUND)),
        present(0x6010, pattern(0x40010, 0x20)),
        present(0x6030, filled(0xfd0, zero ? 0 : AROUND)),
        missing(0x7000, 0x1000, EXCLUDED),
        present(0x8000, pattern(0x60000, 0x1800)),
        missing(0x9800, 0x1800, LOST));
  }

  private static List<MemoryContract.Part> segmentParts(long base, boolean withSmall) {
    List<MemoryContract.Part> parts =
        new ArrayList<>(
            List.of(
                present(base + 0x10000, pattern(0x10000, 0x2000)),
                present(base + 0x20800, pattern(0x20800, 0x1000)),
                missing(base + 0x21800, 0x400, EXCLUDED),
                present(base + 0x40010, pattern(0x40010, 0x20)),
                missing(base + 0x50000, 0x1000, EXCLUDED),
                present(base + 0x60000, pattern(0x60000, 0x1800)),
                missing(base + 0x61800, 0x1800, LOST)));
    if (!withSmall) {
      parts.remove(3);
    }
    return parts;
  }

  private static byte[] filled(int size, int value) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  abstract static class OfDump extends MemoryContract {
    Subject open(Path file, OpenOptions options, Function<Vmcore, Memory> space, List<Part> parts)
        throws IOException {
      Vmcore vmcore = Vmcore.open(dump().writeTo(file), options);
      return new Subject(space.apply(vmcore), parts, vmcore);
    }
  }

  @Nested
  class Image extends OfDump {
    @Override
    protected Subject open() throws IOException {
      return open(dir.resolve("d"), OpenOptions.DEFAULT, v -> v, imageParts(Padding.ZERO));
    }
  }

  @Nested
  class ImagePaddedWithOldMemory extends OfDump {
    @Override
    protected Subject open() throws IOException {
      OpenOptions options = OpenOptions.builder().padding(Padding.OLDMEM).build();
      return open(dir.resolve("d"), options, v -> v, imageParts(Padding.OLDMEM));
    }
  }

  @Nested
  class ImageThatCantBeMapped extends MemoryContract {
    @Override
    protected Subject open() throws IOException {
      FileSystem jimfs = Jimfs.newFileSystem(Configuration.unix());
      Vmcore vmcore = Vmcore.open(dump().writeTo(jimfs.getPath("/d")));
      return new Subject(
          vmcore,
          imageParts(Padding.ZERO),
          () -> {
            vmcore.close();
            jimfs.close();
          });
    }
  }

  @Nested
  class Physical extends OfDump {
    @Override
    protected Subject open() throws IOException {
      return open(dir.resolve("d"), OpenOptions.DEFAULT, Vmcore::physical, segmentParts(0, true));
    }
  }

  @Nested
  class Virtual extends OfDump {
    @Override
    protected Subject open() throws IOException {
      return open(
          dir.resolve("d"), OpenOptions.DEFAULT, Vmcore::virtual, segmentParts(DIRECT_MAP, false));
    }
  }

  @Nested
  class ImageOfOldMemory extends MemoryContract {
    @Override
    protected Subject open() throws IOException {
      DumpBuilder dump = DumpBuilder.elf64().ramImage().load(0x2800, 0x1000).load(0x4000, 0x3000);
      CountingMemory memory =
          CountingMemory.pattern(0x8000).state(NOT_RAM, 0x5000, 0x800).state(LOST, 0x6000, 0x1000);
      Vmcore vmcore = Vmcore.of("oldmem", dump.crashHeaders(), memory, OpenOptions.DEFAULT);
      byte[] header = Arrays.copyOf(header(), 0x1000);
      List<Part> parts =
          List.of(
              present(0, header),
              present(0x1000, new byte[0x800]),
              present(0x1800, pattern(0x2800, 0x1000)),
              present(0x2800, new byte[0x800]),
              present(0x3000, pattern(0x4000, 0x1000)),
              zeros(0x4000, 0x800),
              present(0x4800, pattern(0x5800, 0x800)),
              missing(0x5000, 0x1000, LOST));
      return new Subject(vmcore, parts, vmcore);
    }

    private byte[] header() {
      return DumpBuilder.elf64()
          .load(0x2800, 0x1000)
          .field("p_offset", 0x1800)
          .load(0x4000, 0x3000)
          .field("p_offset", 0x3000)
          .build();
    }
  }

  @Nested
  class OfFile extends MemoryContract {
    @Override
    protected Subject open() throws IOException {
      Path file = dir.resolve("d");
      Files.write(file, pattern(0, 0x3000));
      ByteSource source = ByteSource.open(file);
      FileOldMemory memory =
          new FileOldMemory.Builder(source)
              .add(0x1000, 0x1000, 0x123, 0x1000)
              .add(0x2000, 0x1000, 0x2000, 0x800)
              .add(0x8000, 0x2000, 0x2800, 0x1800)
              .build();
      List<Part> parts =
          List.of(
              present(0x1000, pattern(0x123, 0x1000)),
              present(0x2000, pattern(0x2000, 0x800)),
              missing(0x2800, 0x800, EXCLUDED),
              present(0x8000, pattern(0x2800, 0x800)),
              missing(0x8800, 0x1000, LOST),
              missing(0x9800, 0x800, EXCLUDED));
      return new Subject(memory, parts, source);
    }
  }

  @Nested
  class Counting extends MemoryContract {
    @Override
    protected Subject open() {
      CountingMemory memory =
          CountingMemory.pattern(0x4000).state(EXCLUDED, 0x1000, 0x10).state(LOST, 0x3000, 0x1000);
      List<Part> parts =
          List.of(
              present(0, pattern(0, 0x1000)),
              missing(0x1000, 0x10, EXCLUDED),
              present(0x1010, pattern(0x1010, 0x1ff0)),
              missing(0x3000, 0x1000, LOST));
      return new Subject(memory, parts, () -> {});
    }
  }

  @Nested
  class Restricted extends MemoryContract {
    @Override
    protected Subject open() {
      CountingMemory ram = CountingMemory.pattern(0x5000).state(LOST, 0x3000, 0x1000);
      Memory memory = RestrictedMemory.of(LiveMemory.of(ram), 0x1000, pfn -> pfn != 1);
      List<Part> parts =
          List.of(
              present(0, pattern(0, 0x1000)),
              present(0x2000, pattern(0x2000, 0x1000)),
              missing(0x3000, 0x1000, LOST),
              present(0x4000, pattern(0x4000, 0x1000)));
      return new Subject(memory, parts, () -> {});
    }
  }
}
