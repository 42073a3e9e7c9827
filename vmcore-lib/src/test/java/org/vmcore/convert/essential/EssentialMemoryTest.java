package org.vmcore.convert.essential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.testing.KernelDump.BASE;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Finding;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.KernelDump;
import org.vmcore.testing.PageTables;
import org.vmcore.testing.Reading;
import org.vmcore.testing.TasksKernel;

class EssentialMemoryTest {
  @TempDir Path folder;

  private EssentialMemory of(TasksKernel kernel, List<AddressRange> structPages)
      throws IOException {
    try (Vmcore vmcore = Vmcore.open(kernel.dump().writeTo(folder.resolve("vmcore")))) {
      return EssentialMemory.of(vmcore, Kernel.of(vmcore), structPages);
    }
  }

  /** The frames of a kind, as the offsets of pages in the kernel's memory. */
  private static SortedSet<Long> offsets(EssentialMemory memory, EssentialKind kind) {
    SortedSet<Long> offsets = new TreeSet<>();
    for (EssentialRange each : memory.ranges()) {
      for (long pfn = each.from(); each.kind() == kind && pfn < each.to(); pfn++) {
        offsets.add((pfn << 12) - KernelDump.PADDR);
      }
    }
    return offsets;
  }

  @Test
  void tasksThemselves() throws IOException {
    TasksKernel kernel = new TasksKernel();
    long far = kernel.room(0x3000);
    long task = kernel.process(1, "init");

    assertThat(offsets(of(kernel, List.of()), EssentialKind.TASKS))
        .containsExactly(0x3_0000L, 0x4_0000L, (task - BASE) & -0x1000)
        .doesNotContain(far - BASE);
  }

  @Test
  void whatTheListOfThreadsGoesThrough() throws IOException {
    TasksKernel kernel = new TasksKernel();
    long far = kernel.room(0x3000) + 0x1000;
    long task = kernel.process(1, "init");
    kernel.memory().u64(task + 104, far);

    assertThat(offsets(of(kernel, List.of()), EssentialKind.TASKS))
        .contains((far - BASE) & -0x1000, (task - BASE) & -0x1000);
  }

  @Test
  void perCpuAreasByTheirSection() throws IOException {
    TasksKernel kernel =
        new TasksKernel().perCpu("__per_cpu_start", 0).perCpu("__per_cpu_end", 0xff0);

    assertThat(offsets(of(kernel, List.of()), EssentialKind.PER_CPU))
        .containsExactly(0x5000L, 0x6000L);
  }

  @Test
  void laterChunksOfPerCpuMemory() throws IOException {
    TasksKernel kernel =
        new TasksKernel().perCpu("__per_cpu_start", 0).perCpu("__per_cpu_end", 0xff0);
    long page = (kernel.room(0x8000) + 0xfff) & -0x1000;
    long chunk = page + 0x1000;
    kernel
        .data("pcpu_chunk_lists", page + 0x100)
        .data("pcpu_nr_slots", page + 0x108)
        .data("pcpu_base_addr", page + 0x110);
    kernel.memory().u64(page + 0x100, page).u32(page + 0x108, 1);
    kernel.memory().u64(page + 0x110, TasksKernel.CPU_AREAS);
    kernel.memory().u64(page, chunk).u64(page + 8, chunk).u64(chunk, page).u64(chunk + 8, page);
    kernel.memory().u64(chunk + 16, page + 0x3000).u32(chunk + 24, 1);

    long at = page - BASE;
    EssentialMemory memory = of(kernel, List.of());
    assertThat(offsets(memory, EssentialKind.PER_CPU))
        .containsExactly(0x5000L, 0x6000L, at, at + 0x1000, at + 0x3000, at + 0x4000);

    kernel.memory().u64(chunk, chunk);
    assertThat(of(kernel, List.of()).gaps())
        .extracting(Finding::message)
        .contains("per-CPU areas can't be found: the lists of per-CPU chunks don't end");
  }

  @Test
  void structPagesThatArentMappedAreAGap() throws IOException {
    List<AddressRange> ranges =
        List.of(
            AddressRange.ofSize(BASE + 0x1000, 0x2000),
            AddressRange.ofSize(0xffff_ea00_0000_0000L, 0x2000));

    EssentialMemory memory = of(new TasksKernel(), ranges);
    assertThat(offsets(memory, EssentialKind.STRUCT_PAGES)).containsExactly(0x1000L, 0x2000L);
    assertThat(memory.gaps())
        .extracting(Finding::message)
        .contains("struct pages can't be found: 1 of 2 ranges of them aren't mapped");
  }

  @Test
  void rangesInARowAreOne() throws IOException {
    Path file = DumpBuilder.elf64().load(0, 0x4000).writeTo(folder.resolve("bare"));
    try (Vmcore vmcore = Vmcore.open(file)) {
      PageRanges ranges = new PageRanges(vmcore, Kernel.of(vmcore));
      ranges.physical(EssentialKind.LOG, 0, 1);
      ranges.physical(EssentialKind.LOG, 0x1fff, 2);
      ranges.physical(EssentialKind.NOTES, 0x3000, 0x1000);
      ranges.physical(EssentialKind.NOTES, -0x1000, 0x1000);

      assertThat(ranges.found())
          .containsExactly(
              new EssentialRange(EssentialKind.LOG, 0, 3),
              new EssentialRange(EssentialKind.NOTES, 3, 4));
      assertThat(ranges.pages()).isEqualTo(4);
    }
  }

  /** An image of {@code size} bytes, mapped page by page; RAM is 1 MiB. */
  private EssentialMemory ofMapped(long size) throws IOException {
    long start = 0xffff_ffff_8100_0000L;
    PageTables tables = PageTables.x86(39, 30, 21, 12);
    for (long at = 0; at < size; at += 0x1000) {
      tables.map(start + at, at, 12);
    }
    Path file =
        DumpBuilder.elf64()
            .vmcoreinfo(
                "SYMBOL(swapper_pg_dir)=ffffffff81010000",
                "NUMBER(phys_base)=-16777216",
                "SYMBOL(_stext)=ffffffff81000000")
            .load(0, Reading.bytes(tables.memory(), 0, 1 << 20))
            .writeTo(folder.resolve("mapped"));
    try (Vmcore vmcore = Vmcore.open(file)) {
      return EssentialMemory.of(vmcore, Kernel.of(vmcore), List.of());
    }
  }

  @Test
  void anImageEndsWhereItsMappingDoes() throws IOException {
    assertThat(ofMapped(0xc_0000).ranges())
        .contains(new EssentialRange(EssentialKind.KERNEL_IMAGE, 0, 0xc0));
  }

  @Test
  void anImageInTheDirectMapEndsNowhere() throws IOException {
    EssentialMemory memory = ofMapped(0x10_0000);

    assertThat(memory.ranges())
        .extracting(EssentialRange::kind)
        .doesNotContain(EssentialKind.KERNEL_IMAGE);
    assertThat(memory.gaps())
        .extracting(Finding::message)
        .contains("the kernel's image can't be found: nothing tells where it ends");
  }

  @Test
  void withoutVmcoreinfoTheLogIsAGap() throws IOException {
    Path file = DumpBuilder.elf64().load(0x1000, 0x4000).writeTo(folder.resolve("bare"));
    try (Vmcore vmcore = Vmcore.open(file)) {
      EssentialMemory memory = EssentialMemory.of(vmcore, Kernel.of(vmcore), List.of());

      assertThat(memory.ranges()).isEmpty();
      assertThat(memory.gaps())
          .extracting(Finding::message)
          .contains("the log can't be found: there is no VMCOREINFO");
    }
  }
}
