package org.vmcore.mmu;

import java.util.Optional;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.walk.Lookup;

/**
 * The kernel's page tables, or why there are none.
 *
 * @param space the virtual memory by them, when they were found
 * @param reason why there are none, in one line; empty when they were found
 * @param unmapped the state of what nothing tells of when there are none: {@link
 *     PageState#NOT_RAM}, or that of the topmost table, which is excluded or lost
 */
record KernelTables(Optional<AddressSpace> space, String reason, PageState unmapped) {
  /** Those of the kernel that {@code hints} tell of. */
  static KernelTables of(PagingHints hints) throws VmcoreException {
    KernelRoot root = KernelRoot.of(hints);
    Optional<AddressSpace> found = root.find();
    if (found.isPresent()) {
      return of(found.get());
    }
    PageState state = root.state();
    boolean isMissing = state == PageState.LOST || state == PageState.EXCLUDED;
    return new KernelTables(found, root.reason(), isMissing ? state : PageState.NOT_RAM);
  }

  /** Those of {@code space}. */
  static KernelTables of(AddressSpace space) {
    return new KernelTables(Optional.of(space), "", PageState.NOT_RAM);
  }

  /** The same, when what would tell of them is lost, if nothing else says why there are none. */
  KernelTables orLost() {
    return space.isPresent() || unmapped != PageState.NOT_RAM
        ? this
        : new KernelTables(space, reason + ", or it is lost", PageState.LOST);
  }

  /** The one walk that {@code address} takes; none where there are no tables. */
  Optional<Lookup> at(long address) throws VmcoreException {
    return space.isPresent() ? Optional.of(space.get().at(address)) : Optional.empty();
  }

  /** Whether {@code lookup}, one of these, says for certain that nothing is mapped. */
  boolean isUnmapped(Optional<Lookup> lookup) throws VmcoreException {
    return lookup.isPresent()
        && !lookup.get().isMapped()
        && !space.orElseThrow().isCleared()
        && lookup.get().state() == PageState.NOT_RAM;
  }
}
