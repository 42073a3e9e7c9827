package org.vmcore.kernel.symbols;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Keeps the symbols that it is given, the first ones up to a number. */
final class FoundSymbols implements SymbolTable.Visitor {
  private final List<Symbol> symbols = new ArrayList<>();
  private final int most;

  private FoundSymbols(int most) {
    this.most = most;
  }

  static FoundSymbols first() {
    return new FoundSymbols(1);
  }

  static FoundSymbols all() {
    return new FoundSymbols(Integer.MAX_VALUE);
  }

  @Override
  public boolean symbol(Symbol found) {
    symbols.add(found);
    return symbols.size() < most;
  }

  /** Whether there may be more of them. */
  boolean wantsMore() {
    return symbols.size() < most;
  }

  boolean isEmpty() {
    return symbols.isEmpty();
  }

  /** The first of them. */
  Optional<Symbol> symbol() {
    return symbols.isEmpty() ? Optional.empty() : Optional.of(symbols.getFirst());
  }

  /** Their names. */
  Set<String> names() {
    Set<String> names = new HashSet<>();
    for (Symbol each : symbols) {
      names.add(each.name());
    }
    return names;
  }

  List<Symbol> symbols() {
    return symbols;
  }
}
