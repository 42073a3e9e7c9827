package org.vmcore.mmu;

import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;

/** The root where VMCOREINFO says, when the tables that should map itself are missing. */
final class ByDamagedTables implements RootFinder {
  private final RootCandidates candidates;

  ByDamagedTables(RootCandidates candidates) {
    this.candidates = candidates;
  }

  @Override
  public Optional<AddressSpace> find() throws VmcoreException {
    OptionalLong symbol = candidates.rootSymbol();
    OptionalLong root = symbol.isEmpty() ? symbol : candidates.inImage(symbol.getAsLong());
    if (root.isEmpty()) {
      return Optional.empty();
    }
    AddressSpace space =
        candidates.space(candidates.layouts().getFirst(), root.getAsLong(), Origin.VMCOREINFO);
    return isDamaged(space.translate(symbol.getAsLong())) ? Optional.of(space) : Optional.empty();
  }

  private static boolean isDamaged(Translation walk) {
    return !walk.steps().isEmpty()
        && walk.physical().isEmpty()
        && walk.state() != PageState.NOT_RAM;
  }
}
