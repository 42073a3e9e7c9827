package org.vmcore.arch;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.vmcore.elf.ElfClass;

/**
 * Values of e_machine, and what is known of each machine's dumps: of an {@link Architecture} what
 * it says, of any other its names alone and, of i386, the registers.
 *
 * <p>Source: the kernel's include/uapi/linux/elf-em.h.
 */
public final class Machine {
  /** EM_NONE: the machine isn't known. */
  public static final int NONE = 0;

  /** EM_386. */
  public static final int I386 = 3;

  /** EM_X86_64. */
  public static final int X86_64 = 62;

  /** EM_AARCH64. */
  public static final int ARM64 = 183;

  private static final int MIPS = 8;
  private static final int PPC = 20;
  private static final int PPC64 = 21;
  private static final int S390 = 22;
  private static final int ARM = 40;
  private static final int HEXAGON = 164;
  private static final int RISCV = 243;
  private static final int LOONGARCH = 258;

  private Machine() {}

  /**
   * e_machine of the machine that uname(2) calls {@code machine}; empty for one that isn't known.
   */
  public static OptionalInt ofUtsname(String machine) {
    Optional<Architecture> architecture = Architectures.ofUtsname(machine);
    if (architecture.isPresent()) {
      return OptionalInt.of(architecture.get().machine());
    }
    return switch (machine) {
      case "i386", "i486", "i586", "i686" -> OptionalInt.of(I386);
      case "mips", "mips64" -> OptionalInt.of(MIPS);
      case "ppc" -> OptionalInt.of(PPC);
      case "ppc64", "ppc64le" -> OptionalInt.of(PPC64);
      case "s390", "s390x" -> OptionalInt.of(S390);
      case "riscv32", "riscv64" -> OptionalInt.of(RISCV);
      case "loongarch64" -> OptionalInt.of(LOONGARCH);
      default -> machine.startsWith("arm") ? OptionalInt.of(ARM) : OptionalInt.empty();
    };
  }

  /** The kernel's name of architecture {@code machine}, {@code unknown}, or {@code machine-N}. */
  public static String name(int machine) {
    Optional<Architecture> architecture = Architectures.of(machine);
    if (architecture.isPresent()) {
      return architecture.get().label();
    }
    return switch (machine) {
      case NONE -> "unknown";
      case I386 -> "i386";
      case MIPS -> "mips";
      case PPC -> "ppc";
      case PPC64 -> "ppc64";
      case S390 -> "s390x";
      case ARM -> "arm";
      case HEXAGON -> "hexagon";
      case RISCV -> "riscv";
      case LOONGARCH -> "loongarch";
      default -> "machine-" + machine;
    };
  }

  /**
   * The names of the registers in pr_reg of the machine's {@code struct elf_prstatus}, in on-disk
   * order; none for machines whose layout isn't known here.
   */
  public static List<String> registers(int machine, ElfClass elfClass) {
    if (elfClass == ElfClass.ELF32) {
      return machine == I386 ? i386Registers() : List.of();
    }
    Optional<Architecture> architecture = Architectures.of(machine);
    return architecture.isPresent() ? architecture.get().registers() : List.of();
  }

  private static List<String> i386Registers() {
    return List.of(
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
  }
}
