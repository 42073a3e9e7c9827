package org.vmcore.kernel.unwind;

import java.util.Optional;
import org.vmcore.memory.VmcoreException;

/** What ORC tables say of code. */
public interface OrcLookup {
  /**
   * The entry that covers {@code pc}; empty where no table does.
   *
   * @throws BrokenStack when the table is damaged, or not in the dump
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  Optional<OrcEntry> at(long pc) throws BrokenStack, VmcoreException;
}
