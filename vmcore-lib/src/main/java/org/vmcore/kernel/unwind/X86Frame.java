package org.vmcore.kernel.unwind;

import java.util.List;
import org.vmcore.elf.Register;

/**
 * What is known of the registers of a frame of x86_64.
 *
 * @param isInterrupted whether it was at rip itself
 * @param isReliable whether it is certain
 * @param registers those that are known beside these three; all of them where it was interrupted
 */
public record X86Frame(
    long rip,
    long rsp,
    long rbp,
    boolean isInterrupted,
    boolean isReliable,
    List<Register> registers) {
  private static final int USER_MODE = 3;

  /** The frame that these registers tell of, by their names in NT_PRSTATUS. */
  public static X86Frame interrupted(List<Register> registers) {
    return new X86Frame(
        PtRegs.value(registers, "rip"),
        PtRegs.value(registers, "rsp"),
        PtRegs.value(registers, "rbp"),
        true,
        true,
        registers);
  }

  /** Whether all registers are of user space. */
  boolean isUser() {
    return isInterrupted && (PtRegs.value(registers, "cs") & USER_MODE) == USER_MODE;
  }

  /** The value of another register, as this frame left it. */
  long other(String name) throws BrokenStack {
    for (Register register : registers) {
      if (register.name().equals(name)) {
        return register.value();
      }
    }
    throw new BrokenStack("the stack pointer was kept in " + name + ", which isn't known");
  }
}
