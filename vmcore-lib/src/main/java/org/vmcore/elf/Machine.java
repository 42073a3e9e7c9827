package org.vmcore.elf;

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
