package org.vmcore.mmu;

import java.util.Optional;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;

/** What tells of a kernel's virtual memory beside page tables: one of {@link Sources}. */
interface Source {
  /**
   * What it tells of the bytes around {@code address}; empty where it isn't to be asked.
   *
   * @param isUnmapped whether page tables say for certain that nothing is mapped there
   */
  Optional<Told> at(long address, boolean isUnmapped) throws VmcoreException;

  /**
   * Where {@code address} is mapped, with the addresses in a row around it; empty where it doesn't
   * tell.
   *
   * @param isUnmapped whether page tables say for certain that nothing is mapped there
   */
  Optional<MappedRange> range(long address, boolean isUnmapped) throws VmcoreException;

  /**
   * What is told of the bytes around an address.
   *
   * @param memory that has them, at their virtual addresses, if any has
   * @param extent the address and those around it of which the same is told
   * @param isKnown whether the address belongs to {@code memory}, be there RAM or not
   */
  record Told(Memory memory, Extent extent, boolean isKnown) {
    /** Whether there are bytes, even if they are missing. */
    boolean isRam() {
      return extent.state() != PageState.NOT_RAM;
    }

    /** What {@code next} tells where it tells more, else this; of addresses that both tell of. */
    Told or(Told next) {
      boolean isMore = next.isRam() ? !isRam() : next.isKnown() && !isKnown;
      return isMore ? next.within(extent) : within(next.extent());
    }

    /** The same of the addresses that are in {@code others}, too. */
    Told within(Extent others) {
      return new Told(memory, extent.clip(others.start(), others.size()), isKnown);
    }
  }
}
