package org.vmcore.mmu;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.arch.paging.Paging;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;

/**
 * The root where VMCOREINFO says, when the tables that should map itself are missing, or are there
 * and hold nothing but zeros: what was kept of memory may be less than all of it.
 */
final class ByDamagedTables implements KernelRoot.Finder {
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
    Paging layout = candidates.layouts().getFirst();
    AddressSpace space = candidates.space(layout, root.getAsLong(), Origin.VMCOREINFO);
    Translation walk = space.translate(symbol.getAsLong());
    if (isDamaged(walk)) {
      return Optional.of(space);
    }
    return isCleared(layout, walk) && space.leadsIntoRam()
        ? Optional.of(candidates.space(layout, root.getAsLong(), Origin.CLEARED))
        : Optional.empty();
  }

  /** Whether the walk ends in a table, not the topmost one, without any entry. */
  private boolean isCleared(Paging layout, Translation walk) throws VmcoreException {
    int steps = walk.steps().size();
    if (steps < 2 || walk.physical().isPresent()) {
      return false;
    }
    long size = layout.tableSize(layout.levels() - steps);
    byte[] table = new byte[(int) size];
    long at = walk.steps().getLast().entryAddress() & -size;
    long got = candidates.hints().physical().read(at, MemorySegment.ofArray(table));
    return got == size && Arrays.equals(table, new byte[table.length]);
  }

  private static boolean isDamaged(Translation walk) {
    return !walk.steps().isEmpty()
        && walk.physical().isEmpty()
        && walk.state() != PageState.NOT_RAM;
  }
}
