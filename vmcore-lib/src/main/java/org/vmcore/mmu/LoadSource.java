package org.vmcore.mmu;

import java.util.List;
import java.util.Optional;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;

/**
 * The PT_LOADs' p_vaddr. They tell of what the kernel doesn't map, too: pages that are only in part
 * RAM, and what it freed of its image.
 *
 * @param loads what they have, by virtual address
 * @param ranges where those are mapped whose physical address is known
 */
record LoadSource(Memory loads, List<PagingHints.Range> ranges) implements Source {
  @Override
  public Optional<Told> at(long address, boolean isUnmapped) throws VmcoreException {
    Extent extent = loads.extentAt(address);
    return Optional.of(new Told(loads, extent, extent.state() != PageState.NOT_RAM));
  }

  @Override
  public Optional<MappedRange> range(long address, boolean isUnmapped) {
    for (PagingHints.Range range : ranges) {
      if (range.contains(address)) {
        return Optional.of(
            new MappedRange(MappedRange.LOAD, range.vaddr(), range.paddr(), range.size()));
      }
    }
    return Optional.empty();
  }
}
