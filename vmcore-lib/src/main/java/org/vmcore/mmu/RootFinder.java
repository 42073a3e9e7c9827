package org.vmcore.mmu;

import java.util.Optional;
import org.vmcore.memory.VmcoreException;

/** One way to find the topmost table of a kernel's page tables. */
interface RootFinder {
  /** The kernel's virtual memory; empty when no page tables are found in this way. */
  Optional<AddressSpace> find() throws VmcoreException;
}
