package org.vmcore.kernel.symbols;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.kernel.names.NamePattern;
import org.vmcore.kernel.reading.KernelSource;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/**
 * The names and addresses of a kernel and its modules, as the dump itself holds them: the kernel's
 * kallsyms, or a System.map in its place; the symbols that it exports, where kallsyms has no data;
 * the modules' own tables; and what VMCOREINFO tells of.
 *
 * <p>Each of them is read when it is asked for. What can't be read of one doesn't keep the others
 * from answering; {@link #gaps} tells of it.
 */
public final class Symbols {
  private static final String INFO_SYMBOL = "SYMBOL(";

  /** VMCOREINFO's name of node_states[N_ONLINE] (nodemask.h): no symbol, but a macro. */
  private static final String NODE_ONLINE_MAP = "node_online_map";

  private final KernelSource kernel;
  private final KernelTable table;
  private final ExportTable exports;
  private final LoadedModules modules;

  private Symbols(KernelSource kernel, Optional<SystemMap> systemMap) {
    this.kernel = kernel;
    this.table = new KernelTable(kernel, systemMap);
    this.exports = new ExportTable(kernel);
    this.modules = new LoadedModules(kernel);
  }

  /** For {@code Kernel} alone, which gives each kernel's. */
  @SuppressWarnings("exports") // only the library has such a source
  public static Symbols of(KernelSource kernel) {
    return new Symbols(kernel, Optional.empty());
  }

  /**
   * The symbols of {@code systemMap}, for {@code Kernel} alone.
   *
   * @throws VmcoreException when the file can't be read or isn't this kernel's, the dump is closed,
   *     or its file fails
   */
  @SuppressWarnings("exports") // only the library has such a source
  public static Symbols of(KernelSource kernel, Path systemMap) throws VmcoreException {
    SystemMap map = SystemMap.read(systemMap).placed("VMCOREINFO", kernel::infoSymbol);
    SystemMap placed = map.isPlaced() ? map : map.placed("kallsyms", of(kernel)::addressInKernel);
    return new Symbols(kernel, Optional.of(placed));
  }

  /**
   * The first symbol of this name: the kernel's, else a module's, else one that VMCOREINFO tells
   * of.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public synchronized Optional<Symbol> first(String name) throws VmcoreException {
    NamePattern pattern = NamePattern.exactly(name);
    FoundSymbols first = FoundSymbols.first();
    table.find(pattern, first);
    if (first.isEmpty() && table.lacksData()) {
      ofInfo(name).ifPresent(first::symbol);
      exported(pattern, first);
    }
    List<ModuleSymbols> loaded = first.isEmpty() ? moduleSymbols() : List.of();
    for (int i = 0; first.isEmpty() && i < loaded.size(); i++) {
      loaded.get(i).find(pattern, first);
    }
    return first.isEmpty() ? ofInfo(name) : first.symbol();
  }

  /**
   * Whether addresses are those at which the kernel ran: not those of a System.map whose place in
   * memory nothing tells.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public synchronized boolean isPlaced() throws VmcoreException {
    return table.isPlaced();
  }

  /**
   * The address of the kernel's own symbol of this name; the modules aren't looked at. Empty when
   * nothing tells where it was when the kernel ran.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public synchronized OptionalLong addressInKernel(String name) throws VmcoreException {
    OptionalLong known = kernel.infoSymbol(name);
    if (known.isPresent()) {
      return known;
    }
    Optional<KnownNames> names = table.known();
    if (names.isPresent() && names.get().has(name)) {
      OptionalLong own = names.get().address(name);
      if (own.isPresent() || !table.lacksData()) {
        return own;
      }
    }
    FoundSymbols first = FoundSymbols.first();
    if (table.isPlaced()) {
      table.find(NamePattern.exactly(name), first);
      if (first.isEmpty() && table.lacksData()) {
        exports.find(NamePattern.exactly(name), first);
      }
    }
    Optional<Symbol> found = first.symbol();
    return found.isPresent() ? OptionalLong.of(found.get().address()) : OptionalLong.empty();
  }

  /**
   * Every symbol of this name or, where it has a {@code *}, {@code ?} or {@code [}, with a name of
   * that shell pattern: the kernel's in the order of its table, then each module's.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public synchronized List<Symbol> find(String pattern) throws VmcoreException {
    boolean isGlob = NamePattern.isGlob(pattern);
    NamePattern names = isGlob ? NamePattern.glob(pattern) : NamePattern.exactly(pattern);
    FoundSymbols all = FoundSymbols.all();
    table.find(names, all);
    if (isGlob || all.isEmpty()) {
      exported(names, all);
    }
    for (ModuleSymbols module : moduleSymbols()) {
      module.find(names, all);
    }
    if (all.isEmpty() && !isGlob) {
      ofInfo(pattern).ifPresent(all::symbol);
    }
    return all.symbols();
  }

  /** What isn't in the kernel's table may be exported, where that has no data. */
  private void exported(NamePattern pattern, FoundSymbols out) throws VmcoreException {
    if (out.wantsMore() && table.lacksData()) {
      exports.asked();
      exports.find(pattern, out);
    }
  }

  /** What VMCOREINFO tells; of these two it tells the values. */
  private Optional<Symbol> ofInfo(String name) throws VmcoreException {
    OptionalLong address = kernel.infoSymbol(name);
    boolean isValue = name.equals("mem_section") || name.equals("vmemmap");
    return address.isEmpty() || isValue
        ? Optional.empty()
        : Optional.of(Symbol.ofKernel(name, address.getAsLong(), Symbol.UNKNOWN_TYPE));
  }

  /**
   * The symbol that {@code address} lies in or, at not too great a distance, behind.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public synchronized Optional<Symbol> nearest(long address) throws VmcoreException {
    Optional<Symbol> best = Optional.empty();
    Optional<SymbolTable> own = table.get();
    if (own.isPresent()) {
      best = own.get().nearest(address);
      if (best.isPresent() && own.get().isInside(address)) {
        return isSection(best.get()) ? closest(nearestExport(address), best) : best;
      }
    }
    for (ModuleSymbols module : moduleSymbols()) {
      Optional<Symbol> other = module.nearest(address);
      if (other.isPresent() && isCloser(other.get(), best)) {
        best = other;
      }
    }
    return best.isEmpty() && table.lacksData() ? nearestExport(address) : best;
  }

  private Optional<Symbol> nearestExport(long address) throws VmcoreException {
    exports.asked();
    return exports.nearest(address);
  }

  /** Whether what lies behind may be data, of which kallsyms has no symbols. */
  private boolean isSection(Symbol symbol) throws VmcoreException {
    return symbol.name().equals("_etext") && table.lacksData();
  }

  private static Optional<Symbol> closest(Optional<Symbol> first, Optional<Symbol> second) {
    return first.isPresent() && isCloser(first.get(), second) ? first : second;
  }

  private static boolean isCloser(Symbol symbol, Optional<Symbol> than) {
    return than.isEmpty() || Long.compareUnsigned(symbol.address(), than.get().address()) > 0;
  }

  /**
   * Whether the kernel's table has functions alone, so that of its data the exported symbols are
   * all that can be had.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public synchronized boolean lacksData() throws VmcoreException {
    return table.get().isPresent() && table.lacksData();
  }

  /**
   * How many symbols the kernel itself has; empty when its table isn't found.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public synchronized OptionalInt count() throws VmcoreException {
    Optional<SymbolTable> own = table.get();
    return own.isPresent() ? OptionalInt.of(own.get().count()) : OptionalInt.empty();
  }

  /**
   * All that is known of the kernel's own symbols: its table; where that has no data those that the
   * kernel exports and those that VMCOREINFO tells of, too.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public synchronized KernelSymbols ofKernel() throws VmcoreException {
    KernelSymbols all = new KernelSymbols();
    Optional<SymbolTable> own = table.get();
    if (own.isPresent()) {
      own.get().addTo(all);
    }
    if (own.isEmpty() || table.lacksData()) {
      exports.asked();
      exports.addTo(all);
      addInfoTo(all);
    }
    return all;
  }

  private void addInfoTo(KernelSymbols all) throws VmcoreException {
    Optional<VmcoreInfo> info = kernel.info();
    for (String key : info.isPresent() ? info.get().values().keySet() : Set.<String>of()) {
      if (key.startsWith(INFO_SYMBOL) && key.endsWith(")")) {
        String name = key.substring(INFO_SYMBOL.length(), key.length() - 1);
        boolean isPart = name.equals(NODE_ONLINE_MAP) && all.find("node_states") >= 0;
        Optional<Symbol> symbol = all.find(name) < 0 && !isPart ? ofInfo(name) : Optional.empty();
        symbol.ifPresent(all::add);
      }
    }
  }

  /**
   * What couldn't be had of the tables so far: an error where it is lost or damaged, a warning
   * where it was left out of the dump or nothing tells of it.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public synchronized List<Finding> gaps() throws VmcoreException {
    List<Finding> gaps = new ArrayList<>();
    table.gaps(gaps::add);
    exports.gap(table.isFound()).ifPresent(gaps::add);
    modules.gaps(gaps);
    return gaps;
  }

  /**
   * The modules in the kernel's list, the one that was loaded last first; what couldn't be followed
   * of it {@link #gaps} tells.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public synchronized List<KernelModule> modules() throws VmcoreException {
    return List.copyOf(modules.list(this::modulesHead).modules());
  }

  /**
   * The symbols that the module of this name has itself, in the order of its table.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public synchronized List<Symbol> ofModule(String module) throws VmcoreException {
    FoundSymbols all = FoundSymbols.all();
    for (ModuleSymbols each : moduleSymbols()) {
      if (each.module().equals(module)) {
        each.find(NamePattern.glob("*"), all);
        break;
      }
    }
    return all.symbols();
  }

  private List<ModuleSymbols> moduleSymbols() throws VmcoreException {
    return modules.symbols(this::modulesHead);
  }

  private OptionalLong modulesHead() throws VmcoreException {
    return addressInKernel("modules");
  }
}
