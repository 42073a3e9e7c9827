package org.vmcore.kernel.unwind;

import java.util.OptionalLong;
import org.vmcore.memory.VmcoreException;

/** Where the kernel's functions begin. */
public interface Functions {
  /**
   * The address of the function that {@code pc} lies in; empty where there is none.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  OptionalLong startOf(long pc) throws VmcoreException;
}
