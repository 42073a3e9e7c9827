package org.vmcore.debuginfo.dwarf;

import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.reading.Unreadable;
import org.vmcore.kernel.unwind.BrokenStack;
import org.vmcore.kernel.unwind.StackMemory;
import org.vmcore.memory.VmcoreException;

/** Words of a kernel's code. */
record ReadWords(KernelReader in) implements StackMemory {
  @Override
  public long word(long address) throws BrokenStack, VmcoreException {
    try {
      return in.word(address, "code");
    } catch (Unreadable e) {
      throw new BrokenStack(e);
    }
  }
}
