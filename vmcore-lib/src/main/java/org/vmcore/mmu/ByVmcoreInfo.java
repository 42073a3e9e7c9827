package org.vmcore.mmu;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.arch.paging.Paging;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.PagingHints.Range;

/**
 * The root where VMCOREINFO says, which has to map itself and {@code _stext}.
 *
 * <p>Sources: Linux' {@code VMCOREINFO_SYMBOL(swapper_pg_dir)} and {@code phys_base}
 * (arch/x86/kernel/vmcore_info_64.c), {@code kimage_voffset} (arch/arm64/kernel/vmcore_info.c).
 */
final class ByVmcoreInfo implements KernelRoot.Finder {
  private final RootCandidates candidates;

  ByVmcoreInfo(RootCandidates candidates) {
    this.candidates = candidates;
  }

  @Override
  public Optional<AddressSpace> find() throws VmcoreException {
    OptionalLong symbol = candidates.rootSymbol();
    if (symbol.isEmpty() || candidates.inImage(symbol.getAsLong()).isEmpty()) {
      return Optional.empty();
    }
    List<Range> known = new ArrayList<>();
    known.add(page(symbol.getAsLong()));
    OptionalLong text = candidates.symbol("_stext");
    if (text.isPresent()) {
      known.add(page(text.getAsLong()));
    }
    for (Paging layout : candidates.layouts()) {
      AddressSpace space = candidates.space(layout, known.getFirst().paddr(), Origin.VMCOREINFO);
      if (RootCandidates.score(space, known) > 0) {
        return Optional.of(space);
      }
    }
    return Optional.empty();
  }

  /** A page of the kernel's image. */
  private Range page(long vaddr) throws VmcoreException {
    long paddr = candidates.inImage(vaddr).orElseThrow();
    return new Range(vaddr, paddr, RootCandidates.PAGE);
  }
}
