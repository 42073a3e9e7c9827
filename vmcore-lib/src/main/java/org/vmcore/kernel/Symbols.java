package org.vmcore.kernel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/**
 * The names and addresses of a kernel and its modules, as the dump itself holds them: the kernel's
 * kallsyms, or a System.map in its place; the modules' own tables; and what VMCOREINFO tells of.
 *
 * <p>Each of them is read when it is asked for. What can't be read of one doesn't keep the others
 * from answering; {@link #gaps} tells of it.
 */
public final class Symbols {
  /** Gaps of more modules than this are only counted. */
  private static final int MAX_GAPS = 3;

  private final Kernel kernel;
  private final Source source;
  private final List<Finding> failures = new ArrayList<>();
  private @Nullable SymbolTable table;
  private boolean tableFailed;
  private @Nullable ModuleList moduleList;
  private @Nullable ModuleTables moduleTables;
  private @Nullable List<ModuleSymbols> modules;

  /** Where the kernel's own symbols are from. */
  interface Source {
    /** Empty when they aren't found. */
    Optional<SymbolTable> open() throws VmcoreException;
  }

  Symbols(Kernel kernel, Source source) {
    this.kernel = kernel;
    this.source = source;
  }

  /** Keeps the first symbol it is told of. */
  static final class First implements SymbolTable.Visitor {
    private @Nullable Symbol symbol;

    @Override
    public boolean symbol(Symbol found) {
      symbol = found;
      return false;
    }

    Optional<Symbol> symbol() {
      return Optional.ofNullable(symbol);
    }
  }

  /** Keeps every symbol it is told of. */
  private static final class All implements SymbolTable.Visitor {
    private final List<Symbol> symbols = new ArrayList<>();

    @Override
    public boolean symbol(Symbol found) {
      symbols.add(found);
      return true;
    }
  }

  /**
   * The first symbol of this name: the kernel's, else a module's, else one that VMCOREINFO tells
   * of.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public synchronized Optional<Symbol> first(String name) throws VmcoreException {
    NamePattern pattern = NamePattern.exactly(name);
    First first = new First();
    findInKernel(pattern, first);
    List<ModuleSymbols> loaded = first.symbol == null ? modules() : List.of();
    for (int i = 0; first.symbol == null && i < loaded.size(); i++) {
      loaded.get(i).find(pattern, first);
    }
    return first.symbol == null ? told(name) : first.symbol();
  }

  /**
   * Whether addresses are those at which the kernel ran: not those of a System.map whose place in
   * memory nothing tells.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public synchronized boolean isPlaced() throws VmcoreException {
    return !(table() instanceof SystemMap map) || map.isPlaced();
  }

  /** The address of the kernel's own symbol of this name; the modules aren't looked at. */
  synchronized OptionalLong addressInKernel(String name) throws VmcoreException {
    OptionalLong told = kernel.told(name);
    if (told.isPresent()) {
      return told;
    }
    First first = new First();
    if (isPlaced()) {
      findInKernel(NamePattern.exactly(name), first);
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
    All all = new All();
    findInKernel(names, all);
    for (ModuleSymbols module : modules()) {
      module.find(names, all);
    }
    if (all.symbols.isEmpty() && !isGlob) {
      told(pattern).ifPresent(all::symbol);
    }
    return all.symbols;
  }

  /** What VMCOREINFO tells; of these two it tells the values. */
  private Optional<Symbol> told(String name) throws VmcoreException {
    OptionalLong address = kernel.told(name);
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
    SymbolTable own = table();
    if (own != null) {
      best = own.nearest(address);
      if (best.isPresent() && own.isInside(address)) {
        return best;
      }
    }
    for (ModuleSymbols module : modules()) {
      Optional<Symbol> other = module.nearest(address);
      if (other.isPresent() && isCloser(other.get(), best)) {
        best = other;
      }
    }
    return best;
  }

  private static boolean isCloser(Symbol symbol, Optional<Symbol> than) {
    return than.isEmpty() || Long.compareUnsigned(symbol.address(), than.get().address()) > 0;
  }

  /**
   * How many symbols the kernel itself has; empty when its table isn't found.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public synchronized OptionalInt count() throws VmcoreException {
    return switch (table()) {
      case Kallsyms kallsyms -> OptionalInt.of(kallsyms.count());
      case SystemMap map -> OptionalInt.of(map.count());
      case null, default -> OptionalInt.empty();
    };
  }

  /**
   * What couldn't be had of the tables so far: an error where it is lost or damaged, a warning
   * where it was left out of the dump or nothing tells of it.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public synchronized List<Finding> gaps() throws VmcoreException {
    List<Finding> gaps = new ArrayList<>(failures);
    if (table != null) {
      table.gaps(gaps::add);
    }
    if (moduleList != null) {
      int before = gaps.size();
      moduleList.gaps(gaps::add);
      if (gaps.size() > before && kernel.memory().tables().isEmpty()) {
        gaps.add(SymbolGaps.warning("no page tables: " + kernel.memory().reason()));
      }
    }
    if (modules != null) {
      gapsOfModules(modules, gaps);
    }
    if (moduleTables != null) {
      moduleTables.gaps(gaps::add);
    }
    return gaps;
  }

  /** The worst ones. */
  private static void gapsOfModules(List<ModuleSymbols> modules, List<Finding> out) {
    List<Finding> all = new ArrayList<>();
    for (ModuleSymbols each : modules) {
      each.gaps(all::add);
    }
    all.sort(Comparator.comparing(Finding::severity).reversed());
    out.addAll(all.subList(0, Math.min(all.size(), MAX_GAPS)));
    if (all.size() > MAX_GAPS) {
      out.add(
          SymbolGaps.warning(
              "the symbols of " + (all.size() - MAX_GAPS) + " more modules aren't found"));
    }
  }

  private void findInKernel(NamePattern pattern, SymbolTable.Visitor out) throws VmcoreException {
    SymbolTable own = table();
    if (own != null) {
      own.find(pattern, out);
    }
  }

  private @Nullable SymbolTable table() throws VmcoreException {
    if (table == null && !tableFailed) {
      try {
        table = source.open().orElse(null);
        if (table == null) {
          failures.add(kernel.missing("the kernel's kallsyms isn't found"));
        }
      } catch (VmcoreException e) {
        failures.add(SymbolGaps.of(e));
      }
      tableFailed = table == null;
    }
    return table;
  }

  private List<ModuleSymbols> modules() throws VmcoreException {
    List<ModuleSymbols> loaded = modules;
    if (loaded == null) {
      List<KernelModule> list = moduleList().modules();
      ModuleTables tables = ModuleTables.of(kernel.reader(), list);
      loaded = new ArrayList<>();
      for (KernelModule module : list) {
        loaded.add(tables.read(module));
      }
      moduleTables = tables;
      modules = loaded;
    }
    return loaded;
  }

  /** The modules that are loaded. */
  synchronized ModuleList moduleList() throws VmcoreException {
    ModuleList list = moduleList;
    if (list == null) {
      list = readModuleList();
      moduleList = list;
    }
    return list;
  }

  private ModuleList readModuleList() throws VmcoreException {
    Reader in = kernel.reader();
    if (in.wordSize() != 8) {
      return ModuleList.none(in, SymbolGaps.warning("the modules of 32-bit kernels aren't read"));
    }
    OptionalLong head = addressInKernel("modules");
    if (head.isEmpty()) {
      head = kernel.searchModules();
    }
    return head.isEmpty()
        ? ModuleList.none(in, kernel.missing("the kernel's list of modules isn't found"))
        : ModuleList.of(in, head.getAsLong());
  }
}
