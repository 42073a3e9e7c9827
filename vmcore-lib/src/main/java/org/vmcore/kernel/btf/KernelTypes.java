package org.vmcore.kernel.btf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.kernel.btf.ModuleBtf.ModuleTypes;
import org.vmcore.kernel.names.SymbolGaps;
import org.vmcore.kernel.reading.KernelSource;
import org.vmcore.kernel.symbols.Symbols;
import org.vmcore.kernel.types.FunctionType;
import org.vmcore.kernel.types.Type;
import org.vmcore.kernel.types.Types;
import org.vmcore.kernel.types.Variable;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/**
 * The types of a kernel by its BTF, that of its memory or of a file; without BTF the members that
 * VMCOREINFO tells of. Those of modules are read when a name isn't the kernel's.
 */
public final class KernelTypes implements Types {
  private static final String CHECK = "types";
  private static final String PER_CPU = ".data..percpu";

  private final KernelSource kernel;
  private final Symbols symbols;
  private final Optional<Path> file;
  private final List<Finding> gaps = new ArrayList<>();
  private boolean isOpened;
  private Optional<Btf> own = Optional.empty();
  private @Nullable List<ModuleTypes> modules;
  private @Nullable List<Variable> perCpu;

  private KernelTypes(KernelSource kernel, Symbols symbols, Optional<Path> file) {
    this.kernel = kernel;
    this.symbols = symbols;
    this.file = file;
  }

  /**
   * The types of {@code kernel}. Nothing is read before it is asked for.
   *
   * @param file BTF, or an ELF file with it, to be taken in place of the memory's
   */
  public static KernelTypes of(KernelSource kernel, Symbols symbols, Optional<Path> file) {
    return new KernelTypes(kernel, symbols, file);
  }

  private synchronized Optional<Btf> own() throws VmcoreException {
    if (!isOpened) {
      own = open();
      isOpened = true;
      if (own.isPresent() && own.get().damage().isPresent()) {
        error(own.get().damage().get() + "; types from there on are missing");
      }
    }
    return own;
  }

  private Optional<Btf> open() throws VmcoreException {
    if (file.isEmpty()) {
      return inMemory();
    }
    String name = file.get().toString();
    int pointerSize = kernel.reader().wordSize();
    BtfFile.Tables tables = BtfFile.read(file.get());
    if (!Btf.isSplit(tables.types())) {
      return Optional.of(Btf.parse(name, tables.types(), pointerSize));
    }
    Optional<Btf> base =
        tables.base().isPresent()
            ? Optional.of(Btf.parse(name + " .BTF.base", tables.base().get(), pointerSize))
            : inMemory();
    if (base.isEmpty()) {
      throw VmcoreException.of(name, "BTF of a module, and there is none of the kernel");
    }
    Btf split = Btf.split(name, tables.types(), base.get());
    modules = List.of(new ModuleTypes(moduleName(name), split));
    return base;
  }

  /** The kernel's own table as it is; empty where the kernel has none. */
  public Optional<TypeRecords> records() throws VmcoreException {
    return own().map(TypeRecords::of);
  }

  /** The table of the module {@code module} as it is. */
  public Optional<TypeRecords> records(String module) throws VmcoreException {
    for (ModuleTypes each : tables()) {
      if (each.module().equals(module)) {
        return Optional.of(TypeRecords.of(each.types()));
      }
    }
    return Optional.empty();
  }

  /** As the kernel calls the module of {@code /lib/modules/…/fx-crash.ko}. */
  private static String moduleName(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    int dot = name.indexOf('.');
    return (dot < 0 ? name : name.substring(0, dot)).replace('-', '_');
  }

  private Optional<Btf> inMemory() throws VmcoreException {
    try {
      return BtfMemory.read(kernel, symbols, gaps);
    } catch (VmcoreException e) {
      Finding.Severity severity = SymbolGaps.of(e).severity();
      gaps.add(new Finding(CHECK, severity, OptionalLong.empty(), "BTF: " + e.reason()));
      return Optional.empty();
    }
  }

  private void error(String message) {
    gaps.add(new Finding(CHECK, Finding.Severity.ERROR, OptionalLong.empty(), message));
  }

  /** Those of the modules, each split from the kernel's. */
  private synchronized List<ModuleTypes> tables() throws VmcoreException {
    Optional<Btf> base = own();
    List<ModuleTypes> known = modules;
    if (known == null) {
      known = base.isPresent() ? new ModuleBtf(kernel, symbols, base.get()).read(gaps) : List.of();
      modules = known;
    }
    return known;
  }

  @Override
  public Origin origin() throws VmcoreException {
    if (own().isEmpty()) {
      return Origin.VMCOREINFO;
    }
    return file.isPresent() ? Origin.FILE : Origin.MEMORY;
  }

  @Override
  public Optional<Type> find(String name) throws VmcoreException {
    TypeName wanted = TypeName.of(name);
    Optional<Btf> table = own();
    if (table.isEmpty()) {
      Optional<VmcoreInfo> info = kernel.info();
      return info.isPresent() ? InfoTypes.find(info.get(), wanted) : Optional.empty();
    }
    Optional<Type> found = wanted.in(table.get());
    List<ModuleTypes> others = found.isPresent() ? List.of() : tables();
    for (int i = 0; found.isEmpty() && i < others.size(); i++) {
      found = wanted.in(others.get(i).types());
    }
    return found.isPresent() ? found : wanted.declaredIn(table.get());
  }

  @Override
  public Optional<Type> find(String name, String module) throws VmcoreException {
    for (ModuleTypes each : tables()) {
      if (each.module().equals(module)) {
        return TypeName.of(name).in(each.types());
      }
    }
    return Optional.empty();
  }

  @Override
  public List<String> modules() throws VmcoreException {
    List<String> names = new ArrayList<>();
    for (ModuleTypes each : tables()) {
      names.add(each.module());
    }
    return names;
  }

  @Override
  public List<String> near(String name) throws VmcoreException {
    NearNames near = new NearNames(TypeName.of(name).name());
    Optional<Btf> table = own();
    if (table.isPresent()) {
      near.among(table.get());
    }
    for (ModuleTypes each : tables()) {
      near.among(each.types());
    }
    return near.found();
  }

  @Override
  public List<String> beginningWith(String start) throws VmcoreException {
    Optional<Btf> table = own();
    return table.isPresent() ? BtfNames.beginningWith(table.get(), start) : List.of();
  }

  @Override
  public Optional<FunctionType> function(String name) throws VmcoreException {
    Optional<Btf> table = own();
    return table.isPresent() ? table.get().function(name) : Optional.empty();
  }

  @Override
  public OptionalLong enumerator(String name) throws VmcoreException {
    Optional<Btf> table = own();
    return table.isPresent() ? table.get().enumerator(name) : OptionalLong.empty();
  }

  @Override
  public synchronized List<Variable> perCpu() throws VmcoreException {
    List<Variable> known = perCpu;
    if (known == null) {
      Optional<Btf> table = own();
      known = table.isPresent() ? table.get().variables(PER_CPU) : List.of();
      perCpu = known;
    }
    return known;
  }

  @Override
  public synchronized List<Finding> gaps() throws VmcoreException {
    own();
    return List.copyOf(gaps);
  }
}
