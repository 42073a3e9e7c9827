package org.vmcore.kernel.symbols;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.kernel.names.NamePattern;
import org.vmcore.kernel.names.SymbolGaps;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.reading.KernelSource;
import org.vmcore.kernel.reading.Unreadable;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.scan.SearchBudget;

/** The kernel's own symbols: a System.map, or the kallsyms of the dump, opened when asked for. */
final class KernelTable {
  private final KernelSource kernel;
  private final Optional<SystemMap> systemMap;
  private Optional<KnownNames> known = Optional.empty();
  private boolean isOpened;
  private Optional<SymbolTable> table = Optional.empty();
  private Optional<Boolean> lack = Optional.empty();
  private Optional<Finding> failure = Optional.empty();

  /** The symbols of {@code systemMap} when there is one. */
  KernelTable(KernelSource kernel, Optional<SystemMap> systemMap) {
    this.kernel = kernel;
    this.systemMap = systemMap;
  }

  /** The table; empty when it isn't found, of which {@link #gaps} tells. */
  Optional<SymbolTable> get() throws VmcoreException {
    if (!isOpened) {
      table = open();
      isOpened = true;
    }
    return table;
  }

  /** Whether there is one, when it was asked for. */
  boolean isFound() {
    return table.isPresent();
  }

  private Optional<SymbolTable> open() throws VmcoreException {
    if (systemMap.isPresent()) {
      return Optional.of(systemMap.get());
    }
    try {
      return kallsyms();
    } catch (VmcoreException e) {
      failure = Optional.of(SymbolGaps.of(e));
      return Optional.empty();
    }
  }

  private Optional<SymbolTable> kallsyms() throws VmcoreException {
    KernelReader in = kernel.reader();
    OptionalLong stext = kernel.infoSymbol("_stext");
    Optional<VmcoreInfo> info = kernel.info();
    Optional<KallsymsTables> tables =
        info.isPresent() ? KallsymsTables.of(info.get()) : Optional.empty();
    if (tables.isEmpty()) {
      tables = search(in);
    }
    return tables.isPresent()
        ? Optional.of(Kallsyms.of(in, tables.get(), stext))
        : Optional.empty();
  }

  private Optional<KallsymsTables> search(KernelReader in) throws VmcoreException {
    try (SearchBudget budget = kernel.imageSearch("kallsyms")) {
      Optional<KallsymsTables> found = KallsymsSearch.search(in, budget, kernel.imageRanges());
      if (found.isEmpty()) {
        String missing = "the kernel's kallsyms isn't found";
        failure = Optional.of(SymbolGaps.missing(kernel, budget, missing));
      }
      return found;
    }
  }

  /** The variables that are asked for again and again; empty when this is no kallsyms. */
  Optional<KnownNames> known() throws VmcoreException {
    if (known.isEmpty() && get().orElse(null) instanceof Kallsyms kallsyms) {
      known = Optional.of(KnownNames.of(kallsyms));
    }
    return known;
  }

  void find(NamePattern pattern, SymbolTable.Visitor out) throws VmcoreException {
    Optional<SymbolTable> own = get();
    if (own.isPresent()) {
      own.get().find(pattern, out);
    }
  }

  /** Whether it is kallsyms, and has functions alone, or isn't found where the kernel is. */
  boolean lacksData() throws VmcoreException {
    if (lack.isEmpty()) {
      lack = Optional.of(systemMap.isEmpty() && !hasData());
    }
    return lack.get();
  }

  /** Whether it has a variable that each kernel has; if what tells that is lost, it may have. */
  private boolean hasData() throws VmcoreException {
    Optional<SymbolTable> own = get();
    OptionalLong uts = kernel.infoSymbol("init_uts_ns");
    if (own.isEmpty()) {
      return kernel.infoSymbol("_stext").isEmpty();
    }
    if (uts.isPresent() && own.get() instanceof Kallsyms kallsyms) {
      try {
        return kallsyms.hasAddress(uts.getAsLong());
      } catch (Unreadable e) {
        return true;
      }
    }
    FoundSymbols data = FoundSymbols.first();
    own.get().find(NamePattern.exactly("init_task"), data);
    return !data.isEmpty();
  }

  /** Whether addresses are those at which the kernel ran. */
  boolean isPlaced() {
    return systemMap.isEmpty() || systemMap.get().isPlaced();
  }

  /** Tells {@code out} of what couldn't be had so far. */
  void gaps(Consumer<Finding> out) {
    failure.ifPresent(out);
    if (table.isPresent()) {
      table.get().gaps(out);
    }
  }
}
