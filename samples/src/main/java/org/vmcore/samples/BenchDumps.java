package org.vmcore.samples;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.vmcore.testing.DumpBuilder;

/** Large dumps to measure with. */
public final class BenchDumps {
  private static final long PAGE = 4096;
  private static final int BLOCK = 1 << 20;

  private BenchDumps() {}

  /**
   * Writes one dump: {@code filled|patchy|sparse FILE BYTES SEGMENTS}, of which only {@code sparse}
   * has more than one segment.
   *
   * @throws IOException when it can't be written
   */
  public static void main(String[] args) throws IOException {
    Path path = Path.of(args[1]);
    long size = Long.parseLong(args[2]);
    switch (args[0]) {
      case "filled" -> filled(path, size);
      case "patchy" -> patchy(path, size);
      case "sparse" -> sparse(path, size, Integer.parseInt(args[3]));
      default -> throw new IllegalArgumentException("no such kind of dump: " + args[0]);
    }
  }

  /**
   * A saved {@code /proc/vmcore} with one PT_LOAD of {@code size} bytes, none of its pages zero.
   */
  static Path filled(Path path, long size) throws IOException {
    return written(path, size, BLOCK);
  }

  /** The same with holes: of each 4 MiB of the file only one has bytes. */
  static Path patchy(Path path, long size) throws IOException {
    return written(path, size, 4 * BLOCK);
  }

  /** Of each {@code every} bytes one block is written. */
  private static Path written(Path path, long size, int every) throws IOException {
    named(DumpBuilder.elf64()).sparse(0x10_0000, size).vaddr(0xffff_8880_0010_0000L).writeTo(path);
    try (Arena arena = Arena.ofConfined();
        FileChannel channel =
            FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long end = channel.size();
      MemorySegment block = arena.allocate(BLOCK, PAGE);
      for (long at = 2 * PAGE; at < end; at += every) {
        for (long word = 0; word < BLOCK; word += Long.BYTES) {
          block.set(ValueLayout.JAVA_LONG, word, (at + word + 1) * 0x9e37_79b9_7f4a_7c15L);
        }
        long n = Math.min(BLOCK, end - at);
        channel.write(block.asSlice(0, n).asByteBuffer(), at);
      }
    }
    return path;
  }

  /** A dump of {@code segments} PT_LOADs, {@code size} bytes of holes in all. */
  static Path sparse(Path path, long size, int segments) throws IOException {
    DumpBuilder dump = named(DumpBuilder.elf64());
    long each = size / segments & -PAGE;
    for (int i = 0; i < segments; i++) {
      // Where there are several, each begins and ends inside of a page.
      long inset = segments > 1 ? 0x100 : 0;
      dump.sparse(i * each + inset, each - 2 * inset);
    }
    return dump.writeTo(path);
  }

  private static DumpBuilder named(DumpBuilder dump) {
    return dump.prstatus(1, 0).vmcoreinfo("OSRELEASE=6.1.0-bench", "PAGESIZE=4096");
  }
}
