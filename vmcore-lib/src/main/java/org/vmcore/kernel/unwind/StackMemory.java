package org.vmcore.kernel.unwind;

import java.nio.ByteOrder;
import org.vmcore.memory.VmcoreException;

/** The kernel's memory, as unwinding reads it: words at virtual addresses, in its byte order. */
public interface StackMemory {
  /** The size of a word in bytes: 4 or 8. */
  default int wordSize() {
    return Long.BYTES;
  }

  /** The kernel's byte order. */
  default ByteOrder order() {
    return ByteOrder.LITTLE_ENDIAN;
  }

  /**
   * The word at {@code address}, which needn't be aligned; of 32 bits it isn't negative.
   *
   * @throws BrokenStack when it can't be read
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  long word(long address) throws BrokenStack, VmcoreException;
}
