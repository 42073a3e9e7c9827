package org.vmcore.kernel.stacks;

import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.kernel.modules.Modules;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.symbols.Symbol;
import org.vmcore.kernel.types.Field;
import org.vmcore.kernel.types.StructType;
import org.vmcore.kernel.unwind.BrokenStack;
import org.vmcore.kernel.unwind.Functions;
import org.vmcore.kernel.unwind.StackMemory;
import org.vmcore.memory.VmcoreException;

/** What of a kernel unwinding needs. */
final class StackKernel implements Functions {
  private static final long DEFAULT_SIZE = 16 << 10;
  private static final long LEAST_SIZE = 4 << 10;
  private static final long MOST_SIZE = 256 << 10;

  /** No function is longer. */
  private static final long LONGEST = 1 << 20;

  private final KernelObjects objects;
  private final Modules modules;
  private final StackMemory memory;

  StackKernel(KernelObjects objects, Modules modules) throws VmcoreException {
    this.objects = objects;
    this.modules = modules;
    this.memory = new KernelWords(objects.reader());
  }

  KernelObjects objects() {
    return objects;
  }

  KernelReader reader() throws VmcoreException {
    return objects.reader();
  }

  StackMemory memory() {
    return memory;
  }

  /** The function that {@code pc} lies in. */
  Optional<Symbol> function(long pc) throws VmcoreException {
    Optional<Symbol> nearest = objects.symbols().nearest(pc);
    return nearest.isPresent() && pc - nearest.get().address() < LONGEST
        ? nearest
        : Optional.empty();
  }

  @Override
  public OptionalLong startOf(long pc) throws VmcoreException {
    Optional<Symbol> function = function(pc);
    return function.isPresent() ? OptionalLong.of(function.get().address()) : OptionalLong.empty();
  }

  OptionalLong symbol(String name) throws VmcoreException {
    return objects.symbols().addressInKernel(name);
  }

  /**
   * THREAD_SIZE: as large as the first task's stack; else what most kernels have, but a page at
   * least, as arm64's are (its {@code asm/memory.h}).
   */
  long stackSize() throws VmcoreException {
    for (String name : new String[] {"init_stack", "init_task"}) {
      OptionalLong start = symbol("__start_" + name);
      OptionalLong end = symbol("__end_" + name);
      if (start.isPresent() && end.isPresent()) {
        return bounded(end.getAsLong() - start.getAsLong());
      }
    }
    Optional<VmcoreInfo> info = objects.kernel().info();
    OptionalLong page = info.isEmpty() ? OptionalLong.empty() : info.get().pageSize();
    return bounded(Math.max(DEFAULT_SIZE, page.orElse(0)));
  }

  /** {@code size}, if a stack may be as large. */
  static long bounded(long size) {
    return size >= LEAST_SIZE && size <= MOST_SIZE ? size : DEFAULT_SIZE;
  }

  /** A structure's size where it is that of a stack; else {@code size}. */
  long sizeOf(String type, long size) throws VmcoreException {
    Optional<StructType> struct = objects.types().struct(type);
    return struct.isPresent() ? bounded(struct.get().size()) : size;
  }

  /** Where a per-CPU variable lies; empty where there is none. */
  OptionalLong variable(String symbol, int cpu) throws VmcoreException {
    return objects.perCpu().has(symbol)
        ? OptionalLong.of(objects.perCpu().address(symbol, cpu))
        : OptionalLong.empty();
  }

  /** The pointer in a per-CPU variable; empty where there is none, or it can't be read. */
  OptionalLong pointer(String symbol, int cpu) throws VmcoreException {
    return pointerAt(variable(symbol, cpu));
  }

  /** The pointer that is a member of a per-CPU variable of the type of that name. */
  OptionalLong pointer(String symbol, String member, int cpu) throws VmcoreException {
    return member(variable(symbol, cpu), symbol, member);
  }

  /** The pointer that is an element of an array; empty where it can't be had. */
  OptionalLong element(OptionalLong array, int index) throws VmcoreException {
    return array.isEmpty()
        ? array
        : pointerAt(OptionalLong.of(array.getAsLong() + (long) memory.wordSize() * index));
  }

  /** The pointer that is a member of the structure of that type there. */
  OptionalLong member(OptionalLong base, String struct, String member) throws VmcoreException {
    if (base.isEmpty()) {
      return base; // a type that the kernel lacks is looked for in all modules
    }
    Optional<Field> field = objects.field(struct, member);
    return field.isEmpty()
        ? OptionalLong.empty()
        : pointerAt(OptionalLong.of(base.getAsLong() + field.get().offset()));
  }

  /** The pointer at an address; empty where there is none, or it can't be read. */
  OptionalLong pointerAt(OptionalLong address) throws VmcoreException {
    if (address.isEmpty()) {
      return address;
    }
    try {
      return OptionalLong.of(memory.word(address.getAsLong()));
    } catch (BrokenStack e) {
      return OptionalLong.empty();
    }
  }

  Modules modules() {
    return modules;
  }

  /** A number of VMCOREINFO; empty where it doesn't tell. */
  OptionalLong number(String key) throws VmcoreException {
    Optional<VmcoreInfo> info = objects.kernel().info();
    return info.isPresent() ? info.get().number(key) : OptionalLong.empty();
  }
}
