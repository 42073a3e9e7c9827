package org.vmcore.kernel.unwind;

import java.util.ArrayList;
import java.util.List;
import org.vmcore.elf.Register;
import org.vmcore.memory.VmcoreException;

/**
 * {@code struct pt_regs} on a stack: words.
 *
 * @param names of its registers, in on-disk order
 */
public record PtRegs(List<String> names) {
  /** Of x86_64, and of it the first that the CPU itself pushes. */
  private static final String IRET = "rip";

  /** All registers, which lie at {@code address}. */
  public List<Register> at(StackMemory memory, long address) throws BrokenStack, VmcoreException {
    return read(memory, address, 0);
  }

  /** Those that the CPU pushed at {@code address}. */
  List<Register> iretAt(StackMemory memory, long address) throws BrokenStack, VmcoreException {
    return read(memory, address, names.indexOf(IRET));
  }

  /** How far behind the first register those lie that the CPU pushed, in bytes. */
  int iretOffset() {
    return names.indexOf(IRET) * Long.BYTES;
  }

  private List<Register> read(StackMemory memory, long address, int first)
      throws BrokenStack, VmcoreException {
    List<Register> registers = new ArrayList<>(names.size());
    for (int i = first; i < names.size(); i++) {
      long value = memory.word(address + (long) memory.wordSize() * (i - first));
      registers.add(new Register(names.get(i), value));
    }
    return List.copyOf(registers);
  }

  /** The value of the register of this name; 0 where it isn't known. */
  public static long value(List<Register> registers, String name) {
    for (Register register : registers) {
      if (register.name().equals(name)) {
        return register.value();
      }
    }
    return 0;
  }

  /** Whether the register of this name is known. */
  static boolean has(List<Register> registers, String name) {
    for (Register register : registers) {
      if (register.name().equals(name)) {
        return true;
      }
    }
    return false;
  }
}
