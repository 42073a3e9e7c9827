package org.vmcore.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.memory.Finding;
import org.vmcore.open.OpenOptions;
import org.vmcore.open.Search;
import org.vmcore.testing.CountingMemory;
import org.vmcore.testing.DumpBuilder;

/** Searches read what is there, however often and however large PT_LOADs say that it is. */
class HostileSegmentsTest {
  private static final long DIRECT_MAP = 0xffff_8880_0000_0000L;
  private static final int SIZE = 1 << 16;

  @TempDir Path dir;

  private static OpenOptions limit(long bytes) {
    return OpenOptions.builder().search(new Search(bytes, new Search.Listener() {})).build();
  }

  private static void assertWholeSearch(Vmcore vmcore) throws Exception {
    Kernel kernel = Kernel.of(vmcore);

    assertThat(kernel.info()).isEmpty();
    assertThat(kernel.gaps()).isEmpty();
    assertThat(kernel.symbols().first("panic")).isEmpty();
    assertThat(kernel.symbols().gaps())
        .extracting(Finding::message)
        .contains("the kernel's kallsyms isn't found", "the kernel's list of modules isn't found");
  }

  @Test
  void memoryThatManySegmentsTellOfIsSearchedOnce() throws Exception {
    DumpBuilder dump = DumpBuilder.elf64();
    for (int i = 0; i < 300; i++) {
      dump.load(0x100000 + (i % 3) * 0x1000L, SIZE).vaddr(DIRECT_MAP + (i % 3) * 0x1000L);
    }
    Path file = dump.writeTo(dir.resolve("vmcore"));

    try (Vmcore vmcore = Vmcore.open(file, limit(4 << 20))) {
      assertWholeSearch(vmcore);
    }
  }

  @Test
  void whatASegmentClaimsAndIsNoRamIsNotSearched() throws Exception {
    CountingMemory ram = CountingMemory.of(new byte[SIZE]);
    DumpBuilder headers = DumpBuilder.elf64().ramImage().excluded(0, 7L << 40).vaddr(DIRECT_MAP);

    try (Vmcore vmcore = Vmcore.of("ram", headers.crashHeaders(), ram, limit(4 << 20))) {
      assertWholeSearch(vmcore);
    }

    assertThat(ram.calls()).isLessThan(2000);
  }

  @Test
  void whatWasLeftOutIsNotSearched() throws Exception {
    Path file =
        DumpBuilder.elf64()
            .load(0, SIZE)
            .vaddr(DIRECT_MAP)
            .memsz(1L << 45)
            .writeTo(dir.resolve("vmcore"));

    try (Vmcore vmcore = Vmcore.open(file, limit(4 << 20))) {
      assertWholeSearch(vmcore);
    }
  }

  @Test
  void whatTheLimitLeavesOutIsTold() throws Exception {
    Path file = DumpBuilder.elf64().load(0, SIZE).vaddr(DIRECT_MAP).writeTo(dir.resolve("vmcore"));

    try (Vmcore vmcore = Vmcore.open(file, limit(0x1000))) {
      Kernel kernel = Kernel.of(vmcore);
      String limit = ": the limit is 4096 bytes (--search-limit)";

      assertThat(kernel.info()).isEmpty();
      assertThat(kernel.gaps())
          .extracting(Finding::message)
          .containsExactly("VMCOREINFO: memory is not searched from 0x1000 on" + limit);
      assertThat(kernel.symbols().first("panic")).isEmpty();
      assertThat(kernel.symbols().gaps())
          .extracting(Finding::message)
          .anyMatch(line -> line.startsWith("the kernel's kallsyms isn't found; memory is not"));
    }
  }

  @Test
  void aSearchTellsHowFarItIs() throws Exception {
    Path file = DumpBuilder.elf64().load(0, SIZE).vaddr(DIRECT_MAP).writeTo(dir.resolve("vmcore"));
    AtomicLong most = new AtomicLong();
    Search.Listener listener =
        new Search.Listener() {
          @Override
          public void progress(String what, long done, long total) {
            assertThat(what).isEqualTo("VMCOREINFO");
            assertThat(total).isEqualTo(SIZE);
            most.set(done);
          }
        };
    OpenOptions options = OpenOptions.builder().search(new Search(1 << 20, listener)).build();

    try (Vmcore vmcore = Vmcore.open(file, options)) {
      assertThat(Kernel.of(vmcore).info()).isEmpty();
    }

    assertThat(most).hasValue(SIZE);
    assertThat(List.of(options.search().bytes(), OpenOptions.DEFAULT.search().bytes()))
        .containsExactly(1L << 20, Search.LIMIT);
  }
}
