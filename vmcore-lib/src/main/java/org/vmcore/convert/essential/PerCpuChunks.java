package org.vmcore.convert.essential;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.memory.VmcoreException;

/**
 * The per-CPU memory that was allocated when the first chunk of it was full, by the allocator's
 * lists of chunks. Each has a unit for each CPU, which lie as far apart as those of the first.
 *
 * <p>Source: mm/percpu.c; the lists are {@code pcpu_chunk_lists}, {@code pcpu_slot} up to 5.13.
 */
final class PerCpuChunks {
  /** No kernel has so many lists, nor chunks. */
  private static final int MOST = 1 << 16;

  private static final long LARGEST_UNIT = 4L << 20;

  private final KernelObjects objects;
  private final KernelReader in;
  private final PageRanges out;
  private final long list;
  private final long base;
  private final long pages;

  /** Where each CPU's unit lies in a chunk. */
  private final List<Long> units = new ArrayList<>();

  private int seen;

  private PerCpuChunks(KernelObjects objects, PageRanges out) throws VmcoreException {
    this.objects = objects;
    this.in = objects.reader();
    this.out = out;
    this.list = objects.offset("pcpu_chunk", "list");
    this.base = objects.offset("pcpu_chunk", "base_addr");
    this.pages = objects.offset("pcpu_chunk", "nr_pages");
  }

  /** Adds the chunks of a kernel whose symbols tell of the lists. */
  static void find(Kernel kernel, PageRanges out) throws VmcoreException {
    OptionalLong lists = kernel.symbols().addressInKernel("pcpu_chunk_lists");
    if (lists.isEmpty()) {
      lists = kernel.symbols().addressInKernel("pcpu_slot");
    }
    OptionalLong count = kernel.symbols().addressInKernel("pcpu_nr_slots");
    OptionalLong first = kernel.symbols().addressInKernel("pcpu_base_addr");
    if (lists.isPresent() && count.isPresent() && first.isPresent()) {
      PerCpuChunks chunks = new PerCpuChunks(kernel.objects(), out);
      chunks.units(first.getAsLong());
      chunks.lists(lists.getAsLong(), count.getAsLong());
    }
  }

  private void units(long baseAddress) throws VmcoreException {
    long start = in.word(baseAddress, "pcpu_base_addr");
    for (int cpu : objects.perCpu().possible()) {
      units.add(objects.perCpu().area(cpu).start() - start);
    }
  }

  private void lists(long lists, long count) throws VmcoreException {
    long first = in.word(lists, "pcpu_chunk_lists");
    long heads = Math.min(in.u32(count, "pcpu_nr_slots"), MOST);
    long size = 2L * in.wordSize();
    out.virtual(EssentialKind.PER_CPU, first, heads * size);
    for (long i = 0; i < heads; i++) {
      chunks(first + i * size);
    }
  }

  private void chunks(long head) throws VmcoreException {
    for (long at = in.word(head, "next"); at != head; at = in.word(at, "next")) {
      if (++seen > MOST) {
        throw VmcoreException.of(in.file(), "the lists of per-CPU chunks don't end");
      }
      chunk(at - list);
    }
  }

  private void chunk(long chunk) throws VmcoreException {
    long size = in.u32(chunk + pages, "nr_pages") * out.pageSize();
    long start = in.word(chunk + base, "base_addr");
    for (long unit : units) {
      out.virtual(EssentialKind.PER_CPU, start + unit, Math.min(size, LARGEST_UNIT));
    }
    out.virtual(EssentialKind.PER_CPU, chunk + list, in.wordSize());
    out.virtual(EssentialKind.PER_CPU, chunk + base, in.wordSize());
    out.virtual(EssentialKind.PER_CPU, chunk + pages, Integer.BYTES);
  }
}
