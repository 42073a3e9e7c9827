package org.vmcore.kernel.symbols;

import java.util.Optional;
import java.util.function.Consumer;
import org.vmcore.kernel.names.NamePattern;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/** Symbols from one source. */
interface SymbolTable {
  /** What a table is asked with: found symbols, until there are enough. */
  interface Visitor {
    /**
     * A symbol.
     *
     * @return whether more are wanted
     */
    boolean symbol(Symbol symbol);
  }

  /** Tells {@code out} of the symbols with such a name, in the table's order. */
  void find(NamePattern pattern, Visitor out) throws VmcoreException;

  /** The symbol that {@code address} lies in or behind, the nearest one. */
  Optional<Symbol> nearest(long address) throws VmcoreException;

  /** Whether {@code address} lies between symbols of this table, so that it is no other's. */
  default boolean isInside(long address) throws VmcoreException {
    return false;
  }

  /** How many symbols there are. */
  int count();

  /** Adds all of them to {@code all}, in the table's order, until one can't be read. */
  default void addTo(KernelSymbols all) throws VmcoreException {
    find(
        NamePattern.ANY,
        symbol -> {
          all.add(symbol);
          return true;
        });
  }

  /** Tells {@code out} what of the table can't be read, as far as that was met. */
  void gaps(Consumer<Finding> out);
}
