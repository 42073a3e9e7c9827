package org.vmcore.elf;

import java.util.List;
import org.vmcore.values.Hex;

/** Names of n_type (include/uapi/linux/elf.h), which depend on a note's name. */
final class NoteTypes {
  private static final int NT_PRXFPREG = 0x46e62b7f;
  private static final int XEN_ELFNOTE_CRASH_INFO = 0x100_0001;
  private static final int XEN_ELFNOTE_CRASH_REGS = 0x100_0002;

  private static final List<String> POWERPC =
      List.of(
          "VMX",
          "SPE",
          "VSX",
          "TAR",
          "PPR",
          "DSCR",
          "EBB",
          "PMU",
          "TM_CGPR",
          "TM_CFPR",
          "TM_CVMX",
          "TM_CVSX",
          "TM_SPR",
          "TM_CTAR",
          "TM_CPPR",
          "TM_CDSCR",
          "PKEY",
          "DEXCR",
          "HASHKEYR");

  private static final List<String> X86 =
      List.of("386_TLS", "386_IOPERM", "X86_XSTATE", "X86_CET", "X86_SHSTK", "X86_XSAVE_LAYOUT");

  private static final List<String> S390 =
      List.of(
          "HIGH_GPRS",
          "TIMER",
          "TODCMP",
          "TODPREG",
          "CTRS",
          "PREFIX",
          "LAST_BREAK",
          "SYSTEM_CALL",
          "TDB",
          "VXRS_LOW",
          "VXRS_HIGH",
          "GS_CB",
          "GS_BC",
          "RI_CB",
          "PV_CPU_DATA");

  private static final List<String> ARM =
      List.of(
          "VFP",
          "TLS",
          "HW_BREAK",
          "HW_WATCH",
          "SYSTEM_CALL",
          "SVE",
          "PAC_MASK",
          "PACA_KEYS",
          "PACG_KEYS",
          "TAGGED_ADDR_CTRL",
          "PAC_ENABLED_KEYS",
          "SSVE",
          "ZA",
          "ZT",
          "FPMR",
          "POE",
          "GCS");

  private static final List<String> ARC = List.of("ARC_V2");
  private static final List<String> MIPS = List.of("DSP", "FP_MODE", "MSA");
  private static final List<String> RISCV = List.of("CSR", "VECTOR", "TAGGED_ADDR_CTRL");

  private static final List<String> LOONGARCH =
      List.of("CPUCFG", "CSR", "LSX", "LASX", "LBT", "HW_BREAK", "HW_WATCH");

  private NoteTypes() {}

  /** The name of {@code type} under {@code name}, or the number. */
  static String name(String name, int type) {
    String known =
        switch (name) {
          case "CORE" -> core(type);
          case "LINUX" -> linux(type);
          case "VMCOREINFO", "VMCOREINFO_XEN", "ERASEINFO" -> type == 0 ? name : "";
          case "Xen" -> xen(type);
          case "QEMU" -> type == 0 ? "QEMU_CPU_STATE" : "";
          default -> "";
        };
    return known.isEmpty() ? Hex.of(type) : known;
  }

  private static String core(int type) {
    return switch (type) {
      case Note.NT_PRSTATUS -> "NT_PRSTATUS";
      case 2 -> "NT_FPREGSET";
      case 3 -> "NT_PRPSINFO";
      case 4 -> "NT_TASKSTRUCT";
      case 6 -> "NT_AUXV";
      case 0x46494c45 -> "NT_FILE";
      case 0x53494749 -> "NT_SIGINFO";
      default -> "";
    };
  }

  /** Xen's {@code public/elfnote.h}. */
  private static String xen(int type) {
    return switch (type) {
      case XEN_ELFNOTE_CRASH_INFO -> "XEN_ELFNOTE_CRASH_INFO";
      case XEN_ELFNOTE_CRASH_REGS -> "XEN_ELFNOTE_CRASH_REGS";
      default -> "";
    };
  }

  /** Whether {@code type} is of what a Xen hypervisor tells when it crashes. */
  static boolean isXenCrash(int type) {
    return type == XEN_ELFNOTE_CRASH_INFO || type == XEN_ELFNOTE_CRASH_REGS;
  }

  /** Each architecture has 256 numbers of its own, of which it uses the first ones. */
  private static String linux(int type) {
    return switch (type >>> 8) {
      case 1 -> of("NT_PPC_", POWERPC, type);
      case 2 -> of("NT_", X86, type);
      case 3 -> of("NT_S390_", S390, type);
      case 4 -> of("NT_ARM_", ARM, type);
      case 6 -> of("NT_", ARC, type);
      case 7 -> type == Note.NT_VMCOREDD ? "NT_VMCOREDD" : "";
      case 8 -> of("NT_MIPS_", MIPS, type);
      case 9 -> of("NT_RISCV_", RISCV, type);
      case 10 -> of("NT_LOONGARCH_", LOONGARCH, type);
      default -> type == NT_PRXFPREG ? "NT_PRXFPREG" : "";
    };
  }

  private static String of(String prefix, List<String> names, int type) {
    int index = type & 0xff;
    return index < names.size() ? prefix + names.get(index) : "";
  }
}
