package org.vmcore.kernel.unwind;

import org.vmcore.memory.VmcoreException;

/** The kernel's memory, as unwinding reads it: words of 64 bits at virtual addresses. */
public interface StackMemory {
  /**
   * The word at {@code address}, which needn't be aligned.
   *
   * @throws BrokenStack when it can't be read
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  long word(long address) throws BrokenStack, VmcoreException;
}
