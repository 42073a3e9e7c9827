package org.vmcore.mmu;

import java.util.List;
import java.util.Optional;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;

/**
 * The kernel's own records of what it mapped. They take the most work, and tell no more than page
 * tables do: where these say that nothing is mapped they aren't asked.
 */
record RecordSource(Memory physical, VirtualPlaces places) implements Source {
  @Override
  public Optional<Told> at(long address, boolean isUnmapped) throws VmcoreException {
    Optional<MappedRange> place = range(address, isUnmapped);
    if (place.isEmpty()) {
      return Optional.empty();
    }
    Memory memory = new LinearMemory(physical, List.of(place.get().map()));
    return Optional.of(new Told(memory, memory.extentAt(address), true));
  }

  @Override
  public Optional<MappedRange> range(long address, boolean isUnmapped) throws VmcoreException {
    return isUnmapped ? Optional.empty() : places.at(address);
  }
}
