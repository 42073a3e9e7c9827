package org.vmcore.arch;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.vmcore.elf.ElfHeader;
import org.vmcore.values.Unsigned;

/**
 * A machine that Linux runs on: its number, its word size and its names. Of those that are known
 * whole there is an {@link Architecture}, too.
 *
 * <p>Several have one e_machine in both word sizes, and ELF headers of either class may stand in
 * front of a kernel of the other: kexec-tools writes 64-bit headers for 32-bit kernels with more
 * than 4 GiB of memory, and with {@code --elf32-core-headers} 32-bit ones for any kernel.
 *
 * <p>Sources: the kernel's include/uapi/linux/elf-em.h, and UTS_MACHINE of its makefiles; the sizes
 * of {@code struct elf_prstatus} as GNU BFD's elf_backend_grok_prstatus tells them apart.
 */
public final class Machine {
  /** EM_NONE: the machine isn't known. */
  public static final int NONE = 0;

  /** EM_386. */
  public static final int I386 = 3;

  private static final int SPARC = 2;
  private static final int PPC = 20;
  private static final int SPARC64 = 43;
  private static final int LOONGARCH = 258;

  /** EM_PPC64. */
  public static final int PPC64 = 21;

  /** EM_S390. */
  public static final int S390 = 22;

  /** EM_ARM. */
  public static final int ARM = 40;

  /** EM_X86_64. */
  public static final int X86_64 = 62;

  /** EM_AARCH64. */
  public static final int ARM64 = 183;

  /** EM_RISCV. */
  public static final int RISCV = 243;

  /** Where one number has two word sizes the wide one comes first. */
  private static final List<Machine> KNOWN =
      List.of(
          new Machine(X86_64, 64, 336, "x86_64", "amd64"),
          new Machine(ARM64, 64, 392, "arm64", "aarch64", "aarch64_be"),
          new Machine(I386, 32, 144, "i386", "i486", "i586", "i686", "x86"),
          new Machine(ARM, 32, 148, "arm"),
          new Machine(PPC64, 64, 504, "ppc64", "ppc64le", "powerpc64"),
          new Machine(PPC, 32, 268, "ppc", "powerpc"),
          new Machine(S390, 64, 336, "s390x"),
          new Machine(S390, 32, 224, "s390"),
          new Machine(RISCV, 64, 376, "riscv64"),
          new Machine(RISCV, 32, 204, "riscv32"),
          new Machine(LOONGARCH, 64, 480, "loongarch64"),
          new Machine(LOONGARCH, 32, 0, "loongarch32"),
          new Machine(8, 64, 480, "mips64"),
          new Machine(8, 32, 256, "mips"),
          new Machine(SPARC64, 64, 0, "sparc64"),
          new Machine(SPARC, 32, 0, "sparc"),
          new Machine(50, 64, 0, "ia64"),
          new Machine(0x9026, 64, 0, "alpha"),
          new Machine(15, 64, 760, "parisc64"),
          new Machine(15, 32, 396, "parisc"),
          new Machine(4, 32, 0, "m68k"),
          new Machine(42, 32, 168, "sh", "sh3", "sh4", "sh4a"),
          new Machine(92, 32, 0, "openrisc", "or1k"),
          new Machine(93, 32, 0, "arc"),
          new Machine(94, 32, 0, "xtensa"),
          new Machine(113, 32, 0, "nios2"),
          new Machine(164, 32, 0, "hexagon"),
          new Machine(189, 32, 0, "microblaze"),
          new Machine(252, 32, 0, "csky"));

  private final int number;
  private final int bits;
  private final int prStatusSize;
  private final String label;
  private final List<String> aliases;

  private Machine(int number, int bits, int prStatusSize, String label, String... aliases) {
    this.number = number;
    this.bits = bits;
    this.prStatusSize = prStatusSize;
    this.label = label;
    this.aliases = List.of(aliases);
  }

  /**
   * The machine of this e_machine whose words have {@code bits} or, where the number stands for one
   * word size, of that.
   */
  public static Machine of(int number, int bits) {
    Optional<Machine> found = Optional.empty();
    for (Machine each : KNOWN) {
      if (each.number == number && (found.isEmpty() || each.bits == bits)) {
        found = Optional.of(each);
      }
    }
    return found.orElseGet(
        () -> new Machine(number, bits, 0, number == NONE ? "unknown" : "machine-" + number));
  }

  /** The machine that {@code header} says. */
  public static Machine of(ElfHeader header) {
    return of(header.machine(), header.elfClass().bits());
  }

  /**
   * The machine that uname(2), a distribution or the kernel's folder calls {@code name}, in any
   * case; empty for one that isn't known.
   */
  public static Optional<Machine> named(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (Machine each : KNOWN) {
      if (each.label.equals(lower) || each.aliases.contains(lower)) {
        return Optional.of(each);
      }
    }
    return lower.startsWith("armv") || lower.startsWith("arm_")
        ? Optional.of(of(ARM, Integer.SIZE))
        : Optional.empty();
  }

  /** Those whose {@code struct elf_prstatus} has {@code size} bytes; mostly one, at most a few. */
  public static List<Machine> ofPrStatus(long size) {
    List<Machine> found = new ArrayList<>();
    for (Machine each : KNOWN) {
      if (each.prStatusSize == size && size != 0) {
        found.add(each);
      }
    }
    return found;
  }

  /** Whether Linux runs on it in this byte order. */
  boolean mayHave(ByteOrder order) {
    return switch (number) {
      case X86_64, I386, RISCV, LOONGARCH -> order == ByteOrder.LITTLE_ENDIAN;
      case S390 -> order == ByteOrder.BIG_ENDIAN;
      default -> true;
    };
  }

  /**
   * The machine of its kind whose words have so many bits: kernels of 32 bits run on CPUs of 64,
   * after which emulators name their dumps.
   */
  Machine withBits(int wanted) {
    if (wanted == bits) {
      return this;
    }
    return switch (number) {
      case X86_64, I386 -> of(wanted == Long.SIZE ? X86_64 : I386, wanted);
      case ARM64, ARM -> of(wanted == Long.SIZE ? ARM64 : ARM, wanted);
      case PPC64, PPC -> of(wanted == Long.SIZE ? PPC64 : PPC, wanted);
      case SPARC64, SPARC -> of(wanted == Long.SIZE ? SPARC64 : SPARC, wanted);
      default -> of(number, wanted);
    };
  }

  /** e_machine. */
  public int number() {
    return number;
  }

  /** The bits of a pointer and of {@code unsigned long}: 32 or 64. */
  public int bits() {
    return bits;
  }

  /**
   * How many of {@code size} bytes from virtual address {@code vaddr} on its words can address: of
   * 32 bits none at 2^32 and above.
   */
  public long addressable(long vaddr, long size) {
    long left = (1L << Integer.SIZE) - vaddr;
    return bits == Integer.SIZE && vaddr >= 0 && left > 0 ? Unsigned.min(size, left) : size;
  }

  /** Whether it is known which machine it is. */
  public boolean isKnown() {
    return number != NONE;
  }

  /** The size of its {@code struct elf_prstatus} in bytes; 0 where that isn't known here. */
  public int prStatusSize() {
    return prStatusSize;
  }

  /** The kernel's name of the architecture, {@code unknown}, or {@code machine-N}. */
  public String label() {
    return label;
  }

  /** What uname(2) says in place of the kernel's name of the architecture. */
  public String uname(ByteOrder order) {
    boolean isLittle = order == ByteOrder.LITTLE_ENDIAN;
    return switch (number) {
      case ARM64 -> isLittle ? "aarch64" : "aarch64_be";
      case PPC64 -> isLittle ? "ppc64le" : "ppc64";
      default -> label;
    };
  }

  /** In words: {@code arm of 32 bits}. */
  String describe() {
    return label + " of " + bits + " bits";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Machine its && number == its.number && bits == its.bits;
  }

  @Override
  public int hashCode() {
    return 31 * number + bits;
  }

  @Override
  public String toString() {
    return label;
  }
}
