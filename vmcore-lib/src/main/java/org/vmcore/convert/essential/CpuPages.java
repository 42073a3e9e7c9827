package org.vmcore.convert.essential;

import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.types.Field;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;

/**
 * What each CPU has for itself: its first per-CPU area, in which exception stacks and x86's IRQ
 * stack are, arm64's IRQ stack, its crash note.
 *
 * <p>Source: mm/percpu.c, kernel/crash_core.c.
 */
final class CpuPages {
  private static final long LARGEST_AREA = 4L << 20;
  private static final String FIRST_CHUNK = "pcpu_first_chunk";

  /** A note of a CPU's registers is smaller. */
  private static final long NOTE = 1 << 10;

  private final Kernel kernel;
  private final PageRanges out;

  CpuPages(Kernel kernel, PageRanges out) {
    this.kernel = kernel;
    this.out = out;
  }

  /** Adds the CPUs' areas: what is behind them of their units may have been freed. */
  void areas() throws VmcoreException {
    long dynamic = dynamicEnd();
    for (int cpu : kernel.objects().perCpu().possible()) {
      AddressRange area = kernel.objects().perCpu().area(cpu);
      long size = Math.clamp(dynamic, area.size(), LARGEST_AREA);
      out.virtual(EssentialKind.PER_CPU, area.start(), size);
    }
  }

  /** How far from the area's start the first chunk of dynamic per-CPU memory reaches. */
  private long dynamicEnd() throws VmcoreException {
    OptionalLong chunk = symbol(FIRST_CHUNK);
    OptionalLong base = symbol("pcpu_base_addr");
    Optional<Field> nr = kernel.types().field("pcpu_chunk", "nr_pages");
    Optional<Field> address = kernel.types().field("pcpu_chunk", "base_addr");
    if (chunk.isEmpty() || base.isEmpty() || nr.isEmpty() || address.isEmpty()) {
      return 0;
    }
    KernelReader in = in();
    long at = in.word(chunk.getAsLong(), FIRST_CHUNK);
    out.virtual(EssentialKind.PER_CPU, at, nr.get().offset() + Integer.BYTES);
    out.virtual(EssentialKind.PER_CPU, at + address.get().offset(), Long.BYTES);
    long pages = in.u32(at + nr.get().offset(), "nr_pages");
    long from = in.word(at + address.get().offset(), "base_addr");
    return from - in.word(base.getAsLong(), "pcpu_base_addr") + pages * out.pageSize();
  }

  /** Adds the stacks for interrupts that aren't in the CPUs' areas. */
  void interruptStacks(long size) throws VmcoreException {
    if (kernel.objects().perCpu().has("irq_stack_ptr")) {
      for (int cpu : kernel.objects().perCpu().possible()) {
        long variable = kernel.objects().perCpu().address("irq_stack_ptr", cpu);
        out.virtual(EssentialKind.STACKS, in().word(variable, "irq_stack_ptr"), size);
      }
    }
  }

  /** Adds the CPUs' notes, and VMCOREINFO's. */
  void notes() throws VmcoreException {
    OptionalLong info = symbol("vmcoreinfo_note");
    if (info.isPresent()) {
      out.virtual(
          EssentialKind.NOTES, in().word(info.getAsLong(), "vmcoreinfo_note"), out.pageSize());
    }
    OptionalLong notes = symbol("crash_notes");
    if (notes.isPresent()) {
      long at = in().word(notes.getAsLong(), "crash_notes");
      for (int cpu : kernel.objects().perCpu().possible()) {
        out.virtual(EssentialKind.NOTES, at + kernel.objects().perCpu().offset(cpu), NOTE);
      }
    }
  }

  private OptionalLong symbol(String name) throws VmcoreException {
    return kernel.symbols().addressInKernel(name);
  }

  private KernelReader in() throws VmcoreException {
    return kernel.objects().reader();
  }
}
