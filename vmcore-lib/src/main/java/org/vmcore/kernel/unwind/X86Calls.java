package org.vmcore.kernel.unwind;

import java.util.OptionalLong;
import org.vmcore.memory.VmcoreException;

/** Whether a word of a stack is a return address: by the instruction in front of it. */
public final class X86Calls {
  private final StackMemory memory;
  private final Functions functions;

  X86Calls(StackMemory memory, Functions functions) {
    this.memory = memory;
    this.functions = functions;
  }

  /** Whether in front of {@code address} the function that {@code pc} lies in is called by name. */
  boolean names(long address, long pc) throws VmcoreException {
    try {
      long before = memory.word(address - Long.BYTES);
      OptionalLong start = functions.startOf(pc);
      return at(before, 3) == 0xe8
          && start.isPresent()
          && address + (int) (before >> 32) == start.getAsLong();
    } catch (BrokenStack e) {
      return false;
    }
  }

  /** Whether there is a call of any kind. */
  boolean isCall(long address) throws VmcoreException {
    try {
      long before = memory.word(address - Long.BYTES);
      return at(before, 3) == 0xe8 || isIndirect(before);
    } catch (BrokenStack e) {
      return false;
    }
  }

  /** ff /2: by a register, or by memory with a displacement of 0, 8 or 32 bits, and a SIB byte. */
  private static boolean isIndirect(long before) {
    return isIndirect(before, 2, 0xd0)
        || isIndirect(before, 2, 0x10)
        || isIndirect(before, 3, 0x50)
        || isIndirect(before, 3, 0x10)
        || isIndirect(before, 4, 0x50)
        || isIndirect(before, 6, 0x90)
        || isIndirect(before, 6, 0x10)
        || isIndirect(before, 7, 0x90);
  }

  private static boolean isIndirect(long before, int size, int modrm) {
    int at = Long.BYTES - size;
    return at(before, at) == 0xff && (at(before, at + 1) & 0xf8) == modrm;
  }

  private static int at(long bytes, int index) {
    return (int) (bytes >>> (8 * index)) & 0xff;
  }
}
