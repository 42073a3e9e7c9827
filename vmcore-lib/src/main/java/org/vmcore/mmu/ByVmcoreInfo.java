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
    List<Range> known = new ArrayList<>();
    addPage(known, candidates.rootSymbol());
    if (known.isEmpty()) {
      return Optional.empty();
    }
    addPage(known, candidates.symbol("_stext"));
    for (Paging layout : candidates.layouts()) {
      AddressSpace space = candidates.space(layout, known.getFirst().paddr(), Origin.VMCOREINFO);
      if (RootCandidates.score(space, known) > 0) {
        return Optional.of(space);
      }
    }
    return Optional.empty();
  }

  /** Adds the page of a symbol that lies in the kernel's image. */
  private void addPage(List<Range> known, OptionalLong vaddr) throws VmcoreException {
    OptionalLong paddr = vaddr.isEmpty() ? vaddr : candidates.inImage(vaddr.getAsLong());
    if (paddr.isPresent()) {
      known.add(new Range(vaddr.getAsLong(), paddr.getAsLong(), RootCandidates.PAGE));
    }
  }
}
