package org.vmcore.mmu;

import java.util.Optional;
import org.vmcore.memory.VmcoreException;

/**
 * What else tells where virtual memory of a kernel lies, where page tables are missing: the
 * kernel's own records of what it mapped.
 */
public interface VirtualPlaces {
  /** Nothing tells. */
  VirtualPlaces NONE = _ -> Optional.empty();

  /**
   * Addresses in a row around {@code address}, a kernel virtual one, and the physical ones in a row
   * that they are mapped to; empty where nothing tells of it.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  Optional<MappedRange> at(long address) throws VmcoreException;
}
