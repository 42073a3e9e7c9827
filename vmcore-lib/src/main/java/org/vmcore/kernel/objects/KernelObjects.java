package org.vmcore.kernel.objects;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.reading.KernelSource;
import org.vmcore.kernel.reading.Unreadable;
import org.vmcore.kernel.symbols.Symbols;
import org.vmcore.kernel.types.Field;
import org.vmcore.kernel.types.Type;
import org.vmcore.kernel.types.Types;
import org.vmcore.memory.Finding;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;

/**
 * The objects in a kernel's memory. Each method throws a {@link VmcoreException} when the dump is
 * closed or its file fails, and where what is asked for can't be had.
 *
 * {@snippet :
 * KernelObject init = Kernel.of(vmcore).objects().variable("init_task", "task_struct");
 * String comm = init.text("comm");
 * long pgd = init.number("active_mm.pgd");
 * }
 */
public final class KernelObjects {
  private final KernelSource kernel;
  private final Symbols symbols;
  private final Types types;
  private final PerCpu perCpu;
  private final Map<String, Optional<Field>> fields;
  private volatile @Nullable KernelReader reader;

  private KernelObjects(
      KernelSource kernel, Symbols symbols, Types types, Map<String, Optional<Field>> fields) {
    this.kernel = kernel;
    this.symbols = symbols;
    this.types = types;
    this.fields = fields;
    this.perCpu = new PerCpu(this);
  }

  /** For {@code Kernel} alone, which gives each kernel's. */
  @SuppressWarnings("exports") // only the library has such a source
  public static KernelObjects of(KernelSource kernel, Symbols symbols, Types types) {
    return new KernelObjects(kernel, symbols, types, new ConcurrentHashMap<>());
  }

  /** The same, {@code size} bytes from {@code address} on read once. */
  KernelObjects held(long address, int size) throws VmcoreException {
    KernelObjects held = new KernelObjects(kernel, symbols, types, fields);
    held.reader = reader().over(HeldMemory.of(reader().memory(), address, size));
    return held;
  }

  public Types types() {
    return types;
  }

  public Symbols symbols() {
    return symbols;
  }

  /** What objects are read from. */
  @SuppressWarnings("exports") // only the library has such a source
  public KernelSource kernel() {
    return kernel;
  }

  /** Numbers and bytes at kernel virtual addresses. */
  @SuppressWarnings("exports") // only the library has such a reader
  public KernelReader reader() throws VmcoreException {
    KernelReader known = reader;
    if (known == null) {
      known = kernel.reader();
      reader = known;
    }
    return known;
  }

  /** The variables that each CPU has for itself. */
  public PerCpu perCpu() {
    return perCpu;
  }

  /** The object at this kernel virtual address. */
  public KernelObject at(long address, Type type) {
    return new KernelObject(this, address, new Field(0, 0, type));
  }

  /** The object of this type at this kernel virtual address. */
  public KernelObject at(long address, String type) throws VmcoreException {
    return at(address, type(type));
  }

  /** The kernel's variable {@code symbol}. */
  public KernelObject variable(String symbol, String type) throws VmcoreException {
    return at(address(symbol), type);
  }

  /** {@code cpu}'s variable {@code symbol}. */
  public KernelObject perCpu(String symbol, String type, int cpu) throws VmcoreException {
    return at(perCpu.address(symbol, cpu), type);
  }

  /** The address of the kernel's symbol of this name. */
  public long address(String symbol) throws VmcoreException {
    OptionalLong address = symbols.addressInKernel(symbol);
    if (address.isEmpty()) {
      throw missing("symbol " + symbol);
    }
    return address.getAsLong();
  }

  /** The type of this name. */
  public Type type(String name) throws VmcoreException {
    Optional<Type> type = types.find(name);
    if (type.isEmpty()) {
      throw missing("type " + name);
    }
    return type.get();
  }

  /** Whether a structure has a member: kernels have other ones than others. */
  public boolean has(String struct, String path) throws VmcoreException {
    return field(struct, path).isPresent();
  }

  /** Where a member lies in a structure, when that is known. */
  public Optional<Field> field(String struct, String path) throws VmcoreException {
    String key = struct + " " + path;
    Optional<Field> known = fields.get(key);
    if (known == null) {
      known = types.field(struct, path);
      fields.put(key, known);
    }
    return known;
  }

  /** Where a member lies in a structure, in bytes: the first of these names that there is. */
  public long offset(String struct, String... paths) throws VmcoreException {
    for (String path : paths) {
      Optional<Field> field = field(struct, path);
      if (field.isPresent()) {
        return field.get().offset();
      }
    }
    throw missing("member " + struct + "." + paths[0]);
  }

  /** The fault that something isn't known of the kernel: a loss where its types are lost. */
  public VmcoreException missing(String what) throws VmcoreException {
    String reason = "nothing tells of the kernel's " + what;
    for (Finding gap : types.gaps()) {
      if (gap.severity() == Finding.Severity.ERROR) {
        return new Unreadable(kernel.file(), reason + "; " + gap.message(), PageState.LOST);
      }
    }
    return VmcoreException.of(kernel.file(), reason);
  }
}
