package org.vmcore.gdb.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.modules.LoadedModule;
import org.vmcore.kernel.reading.Gap;
import org.vmcore.kernel.tasks.Task;
import org.vmcore.kernel.types.StructType;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;

/**
 * The memory that gdb needs of a kernel: its image, modules, per-CPU variables; of each task its
 * struct task_struct and its stack; of each CPU the stacks for interrupts and exceptions. What
 * can't be found of one kind doesn't keep the others from being found.
 */
final class CoreMemory {
  private static final String CHECK = "core_memory";

  /** No image is larger. */
  private static final long LARGEST_IMAGE = 256L << 20;

  /** What is freed of an image in one piece is smaller. */
  private static final long GAP = 16L << 20;

  private final Vmcore vmcore;
  private final Kernel kernel;
  private final Ranges ranges = new Ranges();
  private final List<Finding> gaps = new ArrayList<>();

  CoreMemory(Vmcore vmcore, Kernel kernel) {
    this.vmcore = vmcore;
    this.kernel = kernel;
  }

  /** Finds what every core file has. */
  void find() {
    find("the kernel's image", this::image);
    find("modules", this::modules);
    find("per-CPU variables", this::perCpu);
    find("tasks", this::tasks);
    find("the CPUs' stacks", this::cpuStacks);
  }

  /** Finds all of the direct map, too. */
  void findAll() {
    find("the direct map", this::directMap);
  }

  void add(AddressRange range) {
    ranges.add(range);
  }

  List<AddressRange> merged() {
    return ranges.merged();
  }

  List<Finding> gaps() {
    return gaps;
  }

  private interface Search {
    void run() throws VmcoreException;
  }

  private void find(String what, Search search) {
    try {
      search.run();
    } catch (VmcoreException e) {
      gaps.add(Gap.of(CHECK, what + " can't be found", e));
    }
  }

  private void image() throws VmcoreException {
    long start = imageStart();
    OptionalLong end = symbol("_end");
    long size = end.isPresent() ? end.getAsLong() - start : 0;
    ranges.add(start, size > 0 && size <= 4 * LARGEST_IMAGE ? size : mappedSize(start));
  }

  private long imageStart() throws VmcoreException {
    for (String name : new String[] {"_text", "_stext"}) {
      OptionalLong start = symbol(name);
      if (start.isPresent()) {
        return start.getAsLong();
      }
    }
    Optional<VmcoreInfo> info = kernel.info();
    OptionalLong start = info.isPresent() ? info.get().symbol("_stext") : OptionalLong.empty();
    if (start.isEmpty()) {
      throw VmcoreException.of(vmcore.name(), "no symbol _stext");
    }
    return start.getAsLong();
  }

  /** How much behind {@code start} is mapped, but for gaps that were freed. */
  private long mappedSize(long start) throws VmcoreException {
    long end = start;
    long at = start;
    while (at - start < LARGEST_IMAGE && at - end < GAP && at != 0) {
      Extent extent = kernel.memory().extentAt(at);
      at = extent.end();
      end = extent.state() == PageState.NOT_RAM ? end : at;
    }
    return Math.min(end - start, LARGEST_IMAGE);
  }

  private void modules() throws VmcoreException {
    for (LoadedModule module : kernel.modules().all()) {
      module.ranges().forEach(ranges::add);
      module.init().forEach(ranges::add);
      Optional<StructType> type = kernel.types().struct("module");
      ranges.add(module.address(), type.map(StructType::size).orElse(1L));
    }
  }

  private void perCpu() throws VmcoreException {
    for (int cpu : kernel.objects().perCpu().possible()) {
      ranges.add(kernel.objects().perCpu().area(cpu));
    }
  }

  private void tasks() throws VmcoreException {
    long size = kernel.types().struct("task_struct").map(StructType::size).orElse(1L);
    long stack = kernel.stacks().size();
    for (Task task : kernel.tasks().all()) {
      ranges.add(task.address(), size);
      ranges.add(task.stack(), stack);
    }
  }

  private void cpuStacks() throws VmcoreException {
    for (int cpu : kernel.objects().perCpu().possible()) {
      kernel.stacks().ofInterrupts(cpu).forEach(ranges::add);
    }
  }

  /** All of the direct map has one shift, which that of a slab's object tells: of a task. */
  private void directMap() throws VmcoreException {
    OptionalLong shift = shift();
    for (ProgramHeader load : vmcore.segments()) {
      if (load.isLoad() && load.isPhysicalKnown() && shift.isPresent()) {
        ranges.add(load.paddr() + shift.getAsLong(), load.memsz());
      } else if (load.isLoad() && vmcore.isVirtualKnown(load)) {
        ranges.add(load.vaddr(), load.memsz());
      }
    }
    if (shift.isEmpty()) {
      throw VmcoreException.of(vmcore.name(), "nothing but the PT_LOADs tells where it lies");
    }
  }

  private OptionalLong shift() throws VmcoreException {
    OptionalLong init = symbol("init_task");
    for (Task task : kernel.tasks().all()) {
      OptionalLong physical = kernel.memory().physical(task.address());
      boolean isInit = init.isPresent() && init.getAsLong() == task.address();
      if (physical.isPresent() && !isInit) {
        return OptionalLong.of(task.address() - physical.getAsLong());
      }
    }
    return OptionalLong.empty();
  }

  private OptionalLong symbol(String name) throws VmcoreException {
    return kernel.symbols().addressInKernel(name);
  }
}
