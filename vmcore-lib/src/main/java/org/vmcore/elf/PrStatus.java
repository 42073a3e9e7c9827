package org.vmcore.elf;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.io.Cursor;
import org.vmcore.memory.VmcoreException;

/**
 * {@code struct elf_prstatus}: one CPU at the time of the crash (include/uapi/linux/elfcore.h).
 *
 * <p>It doesn't hold the CPU's number, and pid 0 comes once for each idle CPU.
 *
 * @param signal pr_cursig
 * @param pid pr_pid of the task that ran
 * @param registers pr_reg in on-disk order; empty for machines whose layout isn't known here
 */
public record PrStatus(int signal, int pid, List<Register> registers) {
  private static final int CURSIG = 12;

  private static final String[] X86_64 = {
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
    "ss",
    "fs_base",
    "gs_base",
    "ds",
    "es",
    "fs",
    "gs"
  };
  private static final String[] I386 = {
    "ebx",
    "ecx",
    "edx",
    "esi",
    "edi",
    "ebp",
    "eax",
    "ds",
    "es",
    "fs",
    "gs",
    "orig_eax",
    "eip",
    "cs",
    "eflags",
    "esp",
    "ss"
  };
  private static final String[] ARM64 = {
    "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14",
    "x15", "x16", "x17", "x18", "x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26", "x27",
    "x28", "x29", "x30", "sp", "pc", "pstate"
  };

  /** The largest descriptor that is decoded in bytes: more than any machine's. */
  public static final int MAX_SIZE = 1024;

  /** An unmodifiable copy of the registers is kept. */
  public PrStatus {
    registers = List.copyOf(registers);
  }

  /**
   * Parses a descriptor.
   *
   * @param file named in errors
   * @param offset of the descriptor in {@code file}
   */
  public static PrStatus parse(
      String file, long offset, MemorySegment desc, ElfClass elfClass, ByteOrder order, int machine)
      throws VmcoreException {
    boolean wide = elfClass == ElfClass.ELF64;
    Cursor in = Cursor.of(file, offset, desc, order).skip(CURSIG, "pr_info");
    int signal = in.u16("pr_cursig");
    in.skip(wide ? 32 - 14 : 24 - 14, "pr_sigpend");
    int pid = in.s32("pr_pid");
    in.skip(wide ? 112 - 36 : 72 - 28, "pr_ppid");
    List<Register> registers = new ArrayList<>();
    for (String name : names(machine, elfClass)) {
      registers.add(new Register(name, wide ? in.u64("pr_reg") : in.u32("pr_reg")));
    }
    return new PrStatus(signal, pid, registers);
  }

  /** The register {@code name}. */
  public Optional<Register> register(String name) {
    return registers.stream().filter(r -> r.name().equals(name)).findFirst();
  }

  /** The instruction pointer, where it is known. */
  public Optional<Register> instructionPointer() {
    return registers.stream()
        .filter(r -> r.name().equals("rip") || r.name().equals("eip") || r.name().equals("pc"))
        .findFirst();
  }

  private static String[] names(int machine, ElfClass elfClass) {
    boolean wide = elfClass == ElfClass.ELF64;
    return switch (machine) {
      case Machine.X86_64 -> wide ? X86_64 : new String[0];
      case Machine.ARM64 -> wide ? ARM64 : new String[0];
      case Machine.I386 -> wide ? new String[0] : I386;
      default -> new String[0];
    };
  }
}
