package org.vmcore.samples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.vmcore.Vmcore;
import org.vmcore.convert.filter.PageFilter;
import org.vmcore.convert.level.DumpLevel;
import org.vmcore.convert.level.PageTally;
import org.vmcore.convert.pages.PfnBitmap;
import org.vmcore.elf.CrashHeaders;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;

/**
 * What the page filter costs of a large machine: a real dump of an x86_64 kernel with 4 KiB pages,
 * whose sections of struct pages are repeated until the machine has as much memory. What the pages
 * behind the real ones hold isn't read.
 */
public final class LargeFilter {
  private static final int PAGE = 4096;

  private LargeFilter() {}

  /**
   * Applies level 31 and prints pages, seconds and pages per second: {@code FILE GIB JOBS PASSES}.
   *
   * @throws IOException when the dump can't be read, or isn't of such a kernel
   */
  public static void main(String[] args) throws IOException {
    long size = Long.parseLong(args[1]) << 30;
    try (Vmcore real = Vmcore.open(Path.of(args[0]))) {
      RepeatedSections memory = repeated(real, size);
      for (int pass = 0; pass < Integer.parseInt(args[3]); pass++) {
        try (Vmcore large =
            Vmcore.of("large", headers(real, memory, size), memory, OpenOptions.DEFAULT)) {
          filter(large, Integer.parseInt(args[2]));
        }
      }
    }
  }

  private static void filter(Vmcore large, int jobs) throws VmcoreException {
    try (PfnBitmap kept = present(large)) {
      long pages = kept.count();
      long start = System.nanoTime();
      PageTally left = PageFilter.of(large, Kernel.of(large), new DumpLevel(31), jobs).apply(kept);
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          "%d pages, %d left out, %.3f s, %.1f million pages/s%n",
          pages, left.total(), seconds, pages / seconds / 1e6);
    }
  }

  private static PfnBitmap present(Vmcore vmcore) throws VmcoreException {
    long[] frames = {0};
    vmcore.pages(each -> frames[0] = each.pfn() + each.count());
    PfnBitmap set = PfnBitmap.of(frames[0], Path.of(System.getProperty("java.io.tmpdir")));
    vmcore.pages(
        each -> {
          if (each.state() == PageState.PRESENT) {
            set.set(each.pfn(), each.pfn() + each.count());
          }
        });
    return set;
  }

  /** The dump's own PT_LOADs, and one behind them. */
  private static CrashHeaders headers(Vmcore real, RepeatedSections memory, long size) {
    List<ProgramHeader> all = new ArrayList<>();
    all.add(memory.note());
    for (ProgramHeader each : real.segments()) {
      if (each.isLoad()) {
        all.add(load(each.vaddr(), each.paddr(), each.memsz()));
      }
    }
    all.add(load(0, memory.realEnd(), size - memory.realEnd()));
    return CrashHeaders.of(real.header().machine(), all);
  }

  private static ProgramHeader load(long vaddr, long paddr, long size) {
    return new ProgramHeader(ProgramHeader.PT_LOAD, 7, paddr, vaddr, paddr, size, size, 0);
  }

  /** The dump's memory, with a mem_section for {@code size} bytes. */
  private static RepeatedSections repeated(Vmcore real, long size) throws IOException {
    Kernel kernel = Kernel.of(real);
    VmcoreInfo info = kernel.info().orElseThrow();
    int bits = (int) info.number("SECTION_SIZE_BITS").orElseThrow();
    long structs = info.size("page").orElseThrow() << bits >> 12;
    int perRoot = PAGE / (int) info.size("mem_section").orElseThrow();
    long array = info.symbol("mem_section").orElseThrow();
    RepeatedSections memory = new RepeatedSections(real, kernel.memory(), info);
    long root = memory.word(array);
    long direct = root - kernel.memory().physical(root).orElseThrow();
    long[] maps = new long[(int) (memory.realEnd() >>> bits)];
    for (int i = 0; i < maps.length; i++) {
      maps[i] = memory.word(root + (long) i * PAGE / perRoot);
    }
    List<Long> free = free(real, kernel, (int) (size >>> bits) / perRoot);
    for (int section = maps.length; section < size >>> bits; section++) {
      if (section % perRoot == 0) {
        root = direct + free.get(section / perRoot - 1) * PAGE;
        memory.put(array + 8L * (section / perRoot), root);
      }
      int of = 1 + section % (maps.length - 1);
      memory.put(
          root + (long) (section % perRoot) * PAGE / perRoot, maps[of] + (of - section) * structs);
    }
    return memory;
  }

  /** Page frames that the kernel doesn't use. */
  private static List<Long> free(Vmcore real, Kernel kernel, int count) throws IOException {
    List<Long> free = new ArrayList<>();
    try (PfnBitmap all = present(real);
        PfnBitmap kept = present(real)) {
      PageTally unused = PageFilter.of(real, kernel, new DumpLevel(16), 1).apply(kept);
      assert unused.total() > count;
      for (long pfn = all.nextSet(0); free.size() < count; pfn = all.nextSet(pfn + 1)) {
        if (!kept.get(pfn)) {
          free.add(pfn);
        }
      }
    }
    return free;
  }
}
