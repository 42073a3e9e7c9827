package org.vmcore.kernel.symbols;

import java.util.Optional;
import java.util.Set;
import org.vmcore.kernel.exports.ExportSearch;
import org.vmcore.kernel.exports.Exports;
import org.vmcore.kernel.names.NamePattern;
import org.vmcore.kernel.names.SymbolGaps;
import org.vmcore.kernel.reading.KernelSource;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.scan.SearchBudget;

/**
 * What stands in for data that kallsyms lacks (CONFIG_KALLSYMS_ALL is off): the symbols that the
 * kernel exports. They are searched for when one of them is first asked for.
 */
final class ExportTable {
  /** How far behind an exported symbol an address is still told as that symbol's, in bytes. */
  private static final long REACH = 4096;

  private static final String LACK = "no symbols of the kernel's data (CONFIG_KALLSYMS_ALL is off)";

  private final KernelSource kernel;
  private boolean isSearched;
  private boolean isAsked;
  private Optional<Exports> exports = Optional.empty();
  private Optional<Finding> gap = Optional.empty();

  ExportTable(KernelSource kernel) {
    this.kernel = kernel;
  }

  private Optional<Exports> get() throws VmcoreException {
    if (!isSearched) {
      exports = search();
      isSearched = true;
    }
    return exports;
  }

  private Optional<Exports> search() throws VmcoreException {
    try (SearchBudget budget = kernel.imageSearch("the exported symbols")) {
      Optional<Exports> found = ExportSearch.search(kernel.reader(), budget, kernel.imageRanges());
      if (found.isEmpty()) {
        String missing = LACK + ", and its exported symbols aren't found";
        gap = Optional.of(SymbolGaps.missing(kernel, budget, missing));
      }
      return found;
    }
  }

  /**
   * A symbol is asked for by one who should know that there are others: not by the way to the
   * modules, say, whose list is such a symbol.
   */
  void asked() {
    isAsked = true;
  }

  /** Gives {@code out} those of such a name that it doesn't have, until it has enough. */
  void find(NamePattern pattern, FoundSymbols out) throws VmcoreException {
    Optional<Exports> all = get();
    if (all.isEmpty()) {
      return;
    }
    Exports table = all.get();
    Set<String> known = out.names();
    boolean isMore = true;
    for (int i = 0; isMore && i < table.count(); i++) {
      if (table.matches(i, pattern) && !known.contains(table.name(i))) {
        isMore = out.symbol(symbol(table, i));
      }
    }
  }

  /** Adds to {@code all} those that it doesn't have. */
  void addTo(KernelSymbols all) throws VmcoreException {
    Optional<Exports> table = get();
    for (int i = 0; table.isPresent() && i < table.get().count(); i++) {
      Symbol symbol = symbol(table.get(), i);
      if (all.find(symbol.name()) < 0) {
        all.add(symbol);
      }
    }
  }

  /** The one that {@code address} lies a little behind. */
  Optional<Symbol> nearest(long address) throws VmcoreException {
    Optional<Exports> all = get();
    int index = all.isEmpty() ? -1 : all.get().nearest(address);
    return index < 0 || address - all.get().address(index) >= REACH
        ? Optional.empty()
        : Optional.of(symbol(all.get(), index));
  }

  private static Symbol symbol(Exports table, int index) {
    return Symbol.ofKernel(table.name(index), table.address(index), Symbol.UNKNOWN_TYPE);
  }

  /**
   * What is to be said where it was asked.
   *
   * @param hasTable whether the kernel's kallsyms is found: if not that is said already
   */
  Optional<Finding> gap(boolean hasTable) {
    if (exports.isPresent() && !isAsked) {
      return Optional.empty();
    }
    if (exports.isPresent()) {
      String only = ": only those that the kernel exports are known";
      return Optional.of(SymbolGaps.warning(hasTable ? LACK + only : "symbols" + only));
    }
    return hasTable ? gap : Optional.empty();
  }
}
