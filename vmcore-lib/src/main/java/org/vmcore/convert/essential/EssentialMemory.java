package org.vmcore.convert.essential;

import java.util.ArrayList;
import java.util.List;
import org.vmcore.Vmcore;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.reading.Gap;
import org.vmcore.kernel.tasks.Task;
import org.vmcore.kernel.types.StructType;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/**
 * The page frames that no dump can do without, as far as the kernel tells of them. What can't be
 * found of one kind doesn't keep the others from being found.
 *
 * <p>These are the kernel's image but for what is freed of it; its own page tables; of per-CPU
 * memory each CPU's area, and the later chunks where symbols tell of the allocator's lists; the
 * tasks' structures and kernel stacks; the stacks for interrupts; the log; the CPUs' notes and
 * VMCOREINFO; the struct pages and what leads to them. The page tables of tasks' user space aren't
 * among them, nor is what else the kernel has in slabs: struct pages say of both what keeps them,
 * unless these are bent.
 */
public final class EssentialMemory {
  private static final String CHECK = "essential_memory";

  private final Vmcore vmcore;
  private final Kernel kernel;
  private final PageRanges out;
  private final List<Finding> gaps = new ArrayList<>();

  private EssentialMemory(Vmcore vmcore, Kernel kernel) throws VmcoreException {
    this.vmcore = vmcore;
    this.kernel = kernel;
    this.out = new PageRanges(vmcore, kernel);
  }

  /**
   * What of a kernel's memory is essential. Symbols, tasks and page tables are read for it.
   *
   * @param structPages the virtual addresses of the struct pages, and of the table that leads to
   *     them
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public static EssentialMemory of(Vmcore vmcore, Kernel kernel, List<AddressRange> structPages)
      throws VmcoreException {
    EssentialMemory memory = new EssentialMemory(vmcore, kernel);
    memory.find(structPages);
    return memory;
  }

  private void find(List<AddressRange> structPages) {
    CpuPages cpus = new CpuPages(kernel, out);
    find(EssentialKind.KERNEL_IMAGE, new ImagePages(vmcore, kernel, out)::find);
    find(EssentialKind.PAGE_TABLES, this::tables);
    find(EssentialKind.PER_CPU, () -> perCpu(cpus));
    find(EssentialKind.TASKS, this::tasks);
    find(EssentialKind.STACKS, () -> stacks(cpus));
    find(EssentialKind.LOG, () -> LogPages.find(kernel, vmcore.name(), out));
    find(EssentialKind.NOTES, cpus::notes);
    find(EssentialKind.STRUCT_PAGES, () -> structPages(structPages));
  }

  /** Finds the pages of one kind. */
  private interface Search {
    void run() throws VmcoreException;
  }

  private void find(EssentialKind kind, Search search) {
    long before = out.pages();
    try {
      search.run();
      if (out.pages() == before) {
        throw VmcoreException.of(vmcore.name(), "nothing tells where");
      }
    } catch (VmcoreException e) {
      gaps.add(Gap.of(CHECK, kind.words() + " can't be found", e));
    }
  }

  private void tables() throws VmcoreException {
    if (!out.tables(EssentialKind.PAGE_TABLES)) {
      throw VmcoreException.of(vmcore.name(), "not all of the kernel's can be read");
    }
  }

  private void perCpu(CpuPages cpus) throws VmcoreException {
    cpus.areas();
    PerCpuChunks.find(kernel, out);
  }

  private void tasks() throws VmcoreException {
    long size = kernel.types().struct("task_struct").map(StructType::size).orElse(1L);
    for (Task task : kernel.tasks().all()) {
      out.virtual(EssentialKind.TASKS, task.address(), size);
    }
  }

  private void stacks(CpuPages cpus) throws VmcoreException {
    long size = kernel.stacks().size();
    for (Task task : kernel.tasks().all()) {
      out.virtual(EssentialKind.STACKS, task.stack(), size);
    }
    cpus.interruptStacks(size);
  }

  private void structPages(List<AddressRange> ranges) throws VmcoreException {
    int unmapped = 0;
    for (AddressRange each : ranges) {
      long before = out.pages();
      out.virtual(EssentialKind.STRUCT_PAGES, each.start(), each.size());
      unmapped += out.pages() == before ? 1 : 0;
    }
    if (unmapped > 0) {
      throw VmcoreException.of(
          vmcore.name(), unmapped + " of " + ranges.size() + " ranges of them aren't mapped");
    }
  }

  /** The page frames, in no order; a page may be essential for several reasons. */
  public List<EssentialRange> ranges() {
    return List.copyOf(out.found());
  }

  /** What couldn't be found: errors where it is lost, else warnings. */
  public List<Finding> gaps() {
    return List.copyOf(gaps);
  }
}
