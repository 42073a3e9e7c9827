package org.vmcore.kernel.symbols;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.vmcore.kernel.names.SymbolGaps;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.reading.KernelSource;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.scan.SearchBudget;

/** The kernel's modules and their symbols, read when they are first asked for. */
final class LoadedModules {
  /** Gaps of more modules than this are only counted. */
  private static final int MAX_GAPS = 3;

  private final KernelSource kernel;
  private @Nullable ModuleList list;
  private @Nullable ModuleTables tables;
  private @Nullable List<ModuleSymbols> symbols;

  LoadedModules(KernelSource kernel) {
    this.kernel = kernel;
  }

  /** What tells of an address where the dump's memory needn't be searched. */
  interface Head {
    /** The address of {@code modules}; empty when no symbol tells of it. */
    OptionalLong address() throws VmcoreException;
  }

  /** The modules that are loaded. */
  ModuleList list(Head head) throws VmcoreException {
    ModuleList known = list;
    if (known == null) {
      known = readList(head);
      list = known;
    }
    return known;
  }

  private ModuleList readList(Head symbol) throws VmcoreException {
    KernelReader in = kernel.reader();
    OptionalLong head = symbol.address();
    if (head.isPresent()) {
      return ModuleList.of(in, head.getAsLong());
    }
    try (SearchBudget budget = kernel.imageSearch("the list of modules")) {
      OptionalLong found = ModuleSearch.search(in, budget, kernel.imageRanges());
      String missing = "the kernel's list of modules isn't found";
      return found.isPresent()
          ? ModuleList.of(in, found.getAsLong())
          : ModuleList.none(in, SymbolGaps.missing(kernel, budget, missing));
    }
  }

  /** The symbols of each of them. */
  List<ModuleSymbols> symbols(Head head) throws VmcoreException {
    List<ModuleSymbols> known = symbols;
    if (known == null) {
      List<KernelModule> modules = list(head).modules();
      ModuleTables read = ModuleTables.of(kernel.reader(), modules);
      known = new ArrayList<>();
      for (KernelModule module : modules) {
        known.add(read.read(module));
      }
      tables = read;
      symbols = known;
    }
    return known;
  }

  /** Tells {@code out} of what couldn't be had so far. */
  void gaps(List<Finding> out) throws VmcoreException {
    if (list != null) {
      int before = out.size();
      list.gaps(out::add);
      if (out.size() > before && kernel.memory().tables().isEmpty()) {
        out.add(SymbolGaps.warning("no page tables: " + kernel.memory().reason()));
      }
    }
    if (symbols != null) {
      worst(symbols, out);
    }
    if (tables != null) {
      tables.gaps(out::add);
    }
  }

  private static void worst(List<ModuleSymbols> modules, List<Finding> out) {
    List<Finding> all = new ArrayList<>();
    for (ModuleSymbols each : modules) {
      each.gaps(all::add);
    }
    all.sort((a, b) -> b.severity().compareTo(a.severity()));
    out.addAll(all.subList(0, Math.min(all.size(), MAX_GAPS)));
    if (all.size() > MAX_GAPS) {
      out.add(
          SymbolGaps.warning(
              "the symbols of " + (all.size() - MAX_GAPS) + " more modules aren't found"));
    }
  }
}
