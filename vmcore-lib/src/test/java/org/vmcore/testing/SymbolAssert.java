package org.vmcore.testing;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.vmcore.Vmcore;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.symbols.Symbol;
import org.vmcore.kernel.symbols.Symbols;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/** Assertions about a symbol of the kernel's; {@link #and} goes back to the dump. */
public final class SymbolAssert {
  private final VmcoreAssert dump;
  private final List<Symbol> found;

  private SymbolAssert(VmcoreAssert dump, List<Symbol> found) {
    this.dump = dump;
    this.found = found;
  }

  static SymbolAssert of(VmcoreAssert dump, Vmcore vmcore, String name) {
    Symbols symbols = Kernel.of(vmcore).symbols();
    List<Symbol> found = dump.ask(() -> symbols.find(name));
    if (found.isEmpty()) {
      throw dump.fail("expected a symbol " + name + ", but " + dump.ask(() -> absence(symbols)));
    }
    return new SymbolAssert(dump, found);
  }

  private static String absence(Symbols symbols) throws VmcoreException {
    OptionalInt count = symbols.count();
    if (count.isPresent()) {
      return "kallsyms has none of this name among " + count.getAsInt();
    }
    String why = symbols.gaps().stream().map(Finding::message).collect(Collectors.joining("; "));
    return "there are no symbols" + (why.isEmpty() ? "" : ": " + why);
  }

  /** One of this name is at virtual address {@code address}. */
  public SymbolAssert at(long address) {
    if (found.stream().noneMatch(symbol -> symbol.address() == address)) {
      throw dump.fail(
          "expected "
              + found.getFirst().name()
              + " at "
              + DumpWords.hex(address)
              + ", but it is at "
              + found.stream()
                  .map(symbol -> DumpWords.hex(symbol.address()))
                  .collect(Collectors.joining(", ")));
    }
    return this;
  }

  /** Back to the dump. */
  public VmcoreAssert and() {
    return dump;
  }
}
