package org.vmcore.kernel.unwind;

import java.util.ArrayList;
import java.util.List;
import org.vmcore.elf.Register;
import org.vmcore.memory.VmcoreException;

/** {@code struct pt_regs} on a stack. */
public final class PtRegs {
  /** Of x86_64 (arch/x86/include/asm/ptrace.h), in on-disk order; the same since 2.6. */
  private static final String[] X86 = {
    "r15",
    "r14",
    "r13",
    "r12",
    "rbp",
    "rbx",
    "r11",
    "r10",
    "r9",
    "r8",
    "rax",
    "rcx",
    "rdx",
    "rsi",
    "rdi",
    "orig_rax",
    "rip",
    "cs",
    "eflags",
    "rsp",
    "ss"
  };

  /** The first of those that the CPU itself pushes. */
  private static final int IRET = 16;

  /** Of arm64 (arch/arm64/include/asm/ptrace.h): x0 to x30, then these. */
  private static final String[] ARM64 = {"sp", "pc", "pstate"};

  private static final int ARM64_NUMBERED = 31;

  private PtRegs() {}

  /** All registers of x86_64, which lie at {@code address}. */
  public static List<Register> x86(StackMemory memory, long address)
      throws BrokenStack, VmcoreException {
    return read(memory, address, 0);
  }

  /** Those that the CPU pushed at {@code address}. */
  static List<Register> x86Iret(StackMemory memory, long address)
      throws BrokenStack, VmcoreException {
    return read(memory, address, IRET);
  }

  private static List<Register> read(StackMemory memory, long address, int first)
      throws BrokenStack, VmcoreException {
    List<Register> registers = new ArrayList<>(X86.length);
    for (int i = first; i < X86.length; i++) {
      long value = memory.word(address + (long) Long.BYTES * (i - first));
      registers.add(new Register(X86[i], value));
    }
    return List.copyOf(registers);
  }

  /** All registers of arm64, which lie at {@code address}. */
  public static List<Register> arm64(StackMemory memory, long address)
      throws BrokenStack, VmcoreException {
    List<Register> registers = new ArrayList<>(ARM64_NUMBERED + ARM64.length);
    for (int i = 0; i < ARM64_NUMBERED + ARM64.length; i++) {
      String name = i < ARM64_NUMBERED ? "x" + i : ARM64[i - ARM64_NUMBERED];
      registers.add(new Register(name, memory.word(address + (long) Long.BYTES * i)));
    }
    return List.copyOf(registers);
  }
}
