package org.vmcore.arch;

import java.util.List;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.Machine;

/** The registers in pr_reg of a machine's {@code struct elf_prstatus}. */
public final class PrStatusRegisters {
  private static final List<String> X86_64 =
      List.of(
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
          "gs");
  private static final List<String> I386 =
      List.of(
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
          "ss");
  private static final List<String> ARM64 =
      List.of(
          "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13",
          "x14", "x15", "x16", "x17", "x18", "x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26",
          "x27", "x28", "x29", "x30", "sp", "pc", "pstate");

  private PrStatusRegisters() {}

  /** Their names in on-disk order; none for machines whose layout isn't known here. */
  public static List<String> of(int machine, ElfClass elfClass) {
    boolean wide = elfClass == ElfClass.ELF64;
    return switch (machine) {
      case Machine.X86_64 -> wide ? X86_64 : List.of();
      case Machine.ARM64 -> wide ? ARM64 : List.of();
      case Machine.I386 -> wide ? List.of() : I386;
      default -> List.of();
    };
  }
}
