package org.vmcore.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.StructPagesKernel;

/** Dumps that several tests use. */
final class Dumps {
  static final long DIRECT_MAP = 0xffff_8880_0000_0000L;

  private Dumps() {}

  /**
   * A small x86_64 dump: two pages and a half at 0x1000, a page of which half is in the dump at
   * 0x10000, and nothing of 0x20000.
   */
  static DumpBuilder small() {
    return DumpBuilder.elf64()
        .prstatus(4711, 11, 1, 2, 3)
        .vmcoreinfo(
            "OSRELEASE=6.1.0-test",
            "PAGESIZE=4096",
            "SYMBOL(init_uts_ns)=ffff888000002000",
            "CRASHTIME=1700000000")
        .load(0x1000, 0x2800)
        .vaddr(DIRECT_MAP + 0x1000)
        .load(0x10000, 0x800)
        .vaddr(DIRECT_MAP + 0x10000)
        .memsz(0x1000)
        .excluded(0x20000, 0x1000)
        .vaddr(DIRECT_MAP + 0x20000);
  }

  static Path small(Path folder) throws IOException {
    return small().writeTo(folder.resolve("vmcore"));
  }

  /** The small dump without the last 0x800 bytes of each PT_LOAD that is in the file. */
  static Path truncated(Path folder) throws IOException {
    return small().truncateAt(0x4000).writeTo(folder.resolve("truncated"));
  }

  /**
   * A kernel with struct pages: of 4096 pages from 64 MiB on, all of them zeros, one is page cache,
   * one a file system's own, two are a process's, and eight are free.
   */
  static DumpBuilder ofEachKind() {
    long first = StructPagesKernel.FIRST;
    return new StructPagesKernel(StructPagesKernel.Generation.V6_12)
        .cache(first + 1)
        .cache(first + 2)
        .flags(first + 2, 13)
        .anonymous(first + 3)
        .anonymous(first + 4)
        .free(first + 8, 3)
        .dump();
  }
}
