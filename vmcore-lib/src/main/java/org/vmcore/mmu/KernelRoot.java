package org.vmcore.mmu;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.walk.Walk;
import org.vmcore.values.Hex;

/**
 * Finds the topmost table of a kernel's page tables, in one way after the other. None is believed
 * that doesn't map what is known to be mapped to where it is known to be.
 */
final class KernelRoot {
  /** One way to find it. */
  interface Finder {
    /** The kernel's virtual memory; empty when no page tables are found in this way. */
    Optional<AddressSpace> find() throws VmcoreException;
  }

  private final PagingHints hints;
  private final RootCandidates candidates;

  private KernelRoot(PagingHints hints) {
    this.hints = hints;
    this.candidates = new RootCandidates(hints);
  }

  static KernelRoot of(PagingHints hints) {
    return new KernelRoot(hints);
  }

  /** The kernel's virtual memory; empty when no page tables are found. */
  Optional<AddressSpace> find() throws VmcoreException {
    if (candidates.layouts().isEmpty()) {
      return Optional.empty();
    }
    Optional<AddressSpace> found = new ByVmcoreInfo(candidates).find();
    return found.isPresent() ? found : firstOf(others());
  }

  /** The ways that few dumps need, in their order. */
  private List<Finder> others() {
    return List.of(
        new ByLoads(candidates),
        new ByCpus(candidates),
        new ByItself(candidates),
        new BySearch(candidates),
        new ByDamagedTables(candidates));
  }

  private static Optional<AddressSpace> firstOf(List<Finder> finders) throws VmcoreException {
    for (Finder finder : finders) {
      Optional<AddressSpace> found = finder.find();
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** Whether page tables of the machine can be read here. */
  boolean isSupported() {
    return !candidates.layouts().isEmpty();
  }

  /** Why there are no page tables, in one line. */
  String reason() throws VmcoreException {
    String without = hints.architecture().map(its -> its.withoutTables(hints.info())).orElse("");
    if (isSupported()) {
      return without.isEmpty() ? notFound() : notFound() + "; " + without;
    }
    if (!without.isEmpty()) {
      return without;
    }
    return hints.machine().isKnown()
        ? "translation by those of " + hints.machine() + " isn't supported"
        : "the architecture isn't known";
  }

  private String notFound() throws VmcoreException {
    if (hints.info().isEmpty()) {
      return "there is no VMCOREINFO";
    }
    OptionalLong symbol = candidates.rootSymbol();
    if (symbol.isEmpty()) {
      return "VMCOREINFO tells of no root";
    }
    String where = "at virtual address " + Hex.of(symbol.getAsLong());
    PageState state = state();
    OptionalLong root = candidates.inImage(symbol.getAsLong());
    return switch (state) {
      case LOST, EXCLUDED -> "the topmost one, " + where + ", " + Walk.missing(state);
      case PRESENT -> "there are none where VMCOREINFO says, " + where;
      case NOT_RAM ->
          "there are none where VMCOREINFO says, "
              + where
              + (root.isEmpty()
                  ? ""
                  : ", " + AddressSpace.absence(hints.physical(), root.getAsLong()));
    };
  }

  /** The state of the topmost table's first byte, where VMCOREINFO says that it is. */
  PageState state() throws VmcoreException {
    OptionalLong symbol = candidates.rootSymbol();
    OptionalLong root = symbol.isEmpty() ? symbol : candidates.inImage(symbol.getAsLong());
    return root.isEmpty() ? PageState.NOT_RAM : hints.physical().extentAt(root.getAsLong()).state();
  }
}
