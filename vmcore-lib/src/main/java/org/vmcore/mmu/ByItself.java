package org.vmcore.mmu;

import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.arch.Architecture;
import org.vmcore.arch.paging.Paging;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;

/**
 * Where VMCOREINFO has no physical address of the image: a page that maps the root's virtual
 * address to itself.
 */
final class ByItself implements KernelRoot.Finder {
  private static final long PAGE = RootCandidates.PAGE;

  private final RootCandidates candidates;

  ByItself(RootCandidates candidates) {
    this.candidates = candidates;
  }

  @Override
  public Optional<AddressSpace> find() throws VmcoreException {
    OptionalLong symbol = candidates.rootSymbol();
    PagingHints hints = candidates.hints();
    if (symbol.isEmpty() || candidates.inImage(symbol.getAsLong()).isPresent()) {
      return Optional.empty();
    }
    return search(
        symbol.getAsLong(), hints.architecture().map(Architecture::unknownImageEnd).orElse(0L));
  }

  private Optional<AddressSpace> search(long symbol, long most) throws VmcoreException {
    Memory physical = candidates.hints().physical();
    for (long at = 0; at < most; ) {
      long blank = physical.blank(at, most - at) & -PAGE;
      if (blank == 0 && physical.extentAt(at).isPresent()) {
        Optional<AddressSpace> space = at(at, symbol);
        if (space.isPresent()) {
          return space;
        }
      }
      at += Math.max(blank, PAGE);
    }
    return Optional.empty();
  }

  private Optional<AddressSpace> at(long root, long symbol) throws VmcoreException {
    for (Paging layout : candidates.layouts()) {
      AddressSpace space = candidates.space(layout, root, Origin.SEARCH);
      if (space.root() == root && mapsTo(space, symbol, root) && mapsText(space)) {
        return Optional.of(space);
      }
    }
    return Optional.empty();
  }

  private static boolean mapsTo(AddressSpace space, long vaddr, long paddr) throws VmcoreException {
    OptionalLong physical = space.physical(vaddr);
    return physical.isPresent() && physical.getAsLong() == paddr;
  }

  private boolean mapsText(AddressSpace space) throws VmcoreException {
    OptionalLong text = candidates.symbol("_stext");
    return text.isEmpty() || space.physical(text.getAsLong()).isPresent();
  }
}
