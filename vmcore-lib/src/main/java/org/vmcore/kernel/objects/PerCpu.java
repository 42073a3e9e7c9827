package org.vmcore.kernel.objects;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.types.Type;
import org.vmcore.kernel.types.Variable;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;

/**
 * The variables that each CPU has for itself. A symbol, added to the CPU's word of {@code
 * __per_cpu_offset}, is the address: on x86_64 before 6.15 it is an offset in each CPU's area, else
 * an ordinary address.
 *
 * <p>Source: include/linux/percpu-defs.h, mm/percpu.c.
 */
public final class PerCpu {
  /** More than any kernel is configured for (CONFIG_NR_CPUS). */
  private static final int MAX_CPUS = 1 << 14;

  private static final long LARGEST_AREA = 4L << 20;

  private static final String OFFSETS = "__per_cpu_offset";
  private static final String START = "__per_cpu_start";

  private final KernelObjects objects;

  PerCpu(KernelObjects objects) {
    this.objects = objects;
  }

  /**
   * The address of {@code cpu}'s variable {@code symbol}.
   *
   * @throws VmcoreException when it can't be told
   */
  public long address(String symbol, int cpu) throws VmcoreException {
    OptionalLong start = start(symbol);
    if (start.isEmpty()) {
      throw objects.missing("per-CPU variable " + symbol);
    }
    return start.getAsLong() + offset(cpu);
  }

  /** Whether there is such a variable. */
  public boolean has(String symbol) throws VmcoreException {
    return start(symbol).isPresent();
  }

  /** What all CPUs' variables of this name have in common. */
  private OptionalLong start(String symbol) throws VmcoreException {
    OptionalLong own = objects.symbols().addressInKernel(symbol);
    return own.isPresent() ? own : byOthers(symbol);
  }

  /**
   * Where no symbol tells, its place in the section of all per-CPU variables does, when another one
   * of them has a symbol.
   */
  private OptionalLong byOthers(String symbol) throws VmcoreException {
    List<Variable> all = objects.types().perCpu();
    for (Variable each : all) {
      if (each.name().equals(symbol)) {
        OptionalLong section = section(all);
        return section.isEmpty() ? section : OptionalLong.of(section.getAsLong() + each.offset());
      }
    }
    return OptionalLong.empty();
  }

  /**
   * Where the variables of {@code cpu} lie that the kernel's image has, as kernel virtual
   * addresses: neither those of modules nor what is allocated later.
   *
   * @throws VmcoreException when neither symbols nor types tell
   */
  public AddressRange area(int cpu) throws VmcoreException {
    OptionalLong start = objects.symbols().addressInKernel(START);
    OptionalLong end = objects.symbols().addressInKernel("__per_cpu_end");
    long size = start.isPresent() && end.isPresent() ? end.getAsLong() - start.getAsLong() : 0;
    if (size <= 0) {
      List<Variable> all = objects.types().perCpu();
      start = section(all);
      for (Variable each : all) {
        size = Math.max(size, each.offset() + each.size());
      }
    }
    if (start.isEmpty() || size <= 0 || size > LARGEST_AREA) {
      throw objects.missing("symbol " + START);
    }
    return AddressRange.ofSize(start.getAsLong() + offset(cpu), size);
  }

  private OptionalLong section(List<Variable> all) throws VmcoreException {
    OptionalLong start = objects.symbols().addressInKernel(START);
    for (int i = 0; start.isEmpty() && i < all.size(); i++) {
      OptionalLong one = objects.symbols().addressInKernel(all.get(i).name());
      if (one.isPresent()) {
        start = OptionalLong.of(one.getAsLong() - all.get(i).offset());
      }
    }
    return start;
  }

  /**
   * How far {@code cpu}'s variables lie from their symbols; 0 of a kernel for one CPU.
   *
   * @throws VmcoreException when it can't be read
   */
  public long offset(int cpu) throws VmcoreException {
    OptionalLong offsets = objects.symbols().addressInKernel(OFFSETS);
    if (offsets.isEmpty()) {
      return 0;
    }
    KernelReader in = objects.reader();
    return in.word(offsets.getAsLong() + (long) cpu * in.wordSize(), OFFSETS);
  }

  /**
   * The CPUs that may exist, in order.
   *
   * @throws VmcoreException when they can't be read
   */
  public List<Integer> possible() throws VmcoreException {
    return mask("__cpu_possible_mask");
  }

  /**
   * The CPUs that the kernel counted as running; those that a panic stopped may be left out.
   *
   * @throws VmcoreException when they can't be read
   */
  public List<Integer> online() throws VmcoreException {
    return mask("__cpu_online_mask");
  }

  /**
   * The CPUs that are in the machine, in order.
   *
   * @throws VmcoreException when they can't be read
   */
  public List<Integer> present() throws VmcoreException {
    String present = "__cpu_present_mask";
    return objects.symbols().addressInKernel(present).isPresent() ? mask(present) : possible();
  }

  private List<Integer> mask(String symbol) throws VmcoreException {
    OptionalLong mask = objects.symbols().addressInKernel(symbol);
    if (mask.isEmpty()) {
      return objects.symbols().addressInKernel(OFFSETS).isEmpty() ? List.of(0) : missing(symbol);
    }
    KernelReader in = objects.reader();
    int word = in.wordSize();
    int words = (count() + word * 8 - 1) / (word * 8);
    byte[] bytes = in.bytes(mask.getAsLong(), words * word, symbol);
    List<Integer> cpus = new ArrayList<>();
    for (int cpu = 0; cpu < words * word * 8; cpu++) {
      long bits = in.word(bytes, cpu / (word * 8) * word);
      if ((bits >>> cpu % (word * 8) & 1) != 0) {
        cpus.add(cpu);
      }
    }
    return cpus;
  }

  private List<Integer> missing(String symbol) throws VmcoreException {
    throw objects.missing("symbol " + symbol);
  }

  /** How many bits a mask has, where nothing tells how many of them count. */
  private long bits() throws VmcoreException {
    Optional<Type> mask = objects.types().find("struct cpumask");
    return mask.isPresent() && mask.get().size() > 0 ? mask.get().size() * Byte.SIZE : Long.SIZE;
  }

  /** How many bits of the masks count: nr_cpu_ids. */
  private int count() throws VmcoreException {
    OptionalLong ids = objects.symbols().addressInKernel("nr_cpu_ids");
    long count = ids.isEmpty() ? bits() : objects.reader().u32(ids.getAsLong(), "nr_cpu_ids");
    return (int) Math.min(Math.max(count, 1), MAX_CPUS);
  }
}
