package org.vmcore.mmu;

import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.arch.paging.Paging;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.PagingHints.Range;

/** The root at the physical address that the PT_LOADs have for VMCOREINFO's symbol. */
final class ByLoads implements KernelRoot.Finder {
  private final RootCandidates candidates;

  ByLoads(RootCandidates candidates) {
    this.candidates = candidates;
  }

  @Override
  public Optional<AddressSpace> find() throws VmcoreException {
    OptionalLong symbol = candidates.rootSymbol();
    if (symbol.isEmpty()) {
      return Optional.empty();
    }
    for (Range range : candidates.hints().ranges()) {
      if (range.contains(symbol.getAsLong())) {
        Optional<AddressSpace> space = at(symbol.getAsLong() - range.vaddr() + range.paddr());
        if (space.isPresent()) {
          return space;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<AddressSpace> at(long root) throws VmcoreException {
    for (Paging layout : candidates.layouts()) {
      AddressSpace space = candidates.space(layout, root, Origin.LOADS);
      if (RootCandidates.score(space, candidates.checked()) > 0) {
        return Optional.of(space);
      }
    }
    return Optional.empty();
  }
}
