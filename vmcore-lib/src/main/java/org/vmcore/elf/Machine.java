package org.vmcore.elf;

import java.util.OptionalInt;

/** Values of e_machine, and the kernel's names of the architectures. */
public final class Machine {
  /** EM_NONE: the machine isn't known. */
  public static final int NONE = 0;

  /** EM_386. */
  public static final int I386 = 3;

  /** EM_X86_64. */
  public static final int X86_64 = 62;

  /** EM_AARCH64. */
  public static final int ARM64 = 183;

  private Machine() {}

  /**
   * e_machine of the machine that uname(2) calls {@code machine}; empty for one that isn't known.
   */
  public static OptionalInt ofUtsname(String machine) {
    return switch (machine) {
      case "i386", "i486", "i586", "i686" -> OptionalInt.of(I386);
      case "mips", "mips64" -> OptionalInt.of(8);
      case "ppc" -> OptionalInt.of(20);
      case "ppc64", "ppc64le" -> OptionalInt.of(21);
      case "s390", "s390x" -> OptionalInt.of(22);
      case "x86_64" -> OptionalInt.of(X86_64);
      case "aarch64" -> OptionalInt.of(ARM64);
      case "riscv32", "riscv64" -> OptionalInt.of(243);
      case "loongarch64" -> OptionalInt.of(258);
      default -> machine.startsWith("arm") ? OptionalInt.of(40) : OptionalInt.empty();
    };
  }

  /** The kernel's name of architecture {@code machine}, {@code unknown}, or {@code machine-N}. */
  public static String name(int machine) {
    return switch (machine) {
      case NONE -> "unknown";
      case I386 -> "i386";
      case 8 -> "mips";
      case 20 -> "ppc";
      case 21 -> "ppc64";
      case 22 -> "s390x";
      case 40 -> "arm";
      case X86_64 -> "x86_64";
      case ARM64 -> "arm64";
      case 164 -> "hexagon";
      case 243 -> "riscv";
      case 258 -> "loongarch";
      default -> "machine-" + machine;
    };
  }
}
