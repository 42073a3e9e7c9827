package org.vmcore.elf;

import org.vmcore.values.Hex;

/** Names of n_type (include/uapi/linux/elf.h), which depend on a note's name. */
final class NoteTypes {
  private static final int XEN_ELFNOTE_CRASH_INFO = 0x100_0001;
  private static final int XEN_ELFNOTE_CRASH_REGS = 0x100_0002;

  private NoteTypes() {}

  /** The name of {@code type} under {@code name}, or the number. */
  static String name(String name, int type) {
    String known =
        switch (name) {
          case "CORE" -> core(type);
          case "LINUX" -> linux(type);
          case "VMCOREINFO", "VMCOREINFO_XEN" -> type == 0 ? name : "";
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

  private static String linux(int type) {
    return switch (type) {
      case 0x200 -> "NT_386_TLS";
      case 0x202 -> "NT_X86_XSTATE";
      case 0x300 -> "NT_S390_HIGH_GPRS";
      case 0x400 -> "NT_ARM_VFP";
      case 0x401 -> "NT_ARM_TLS";
      case 0x405 -> "NT_ARM_SVE";
      case 0x406 -> "NT_ARM_PAC_MASK";
      case Note.NT_VMCOREDD -> "NT_VMCOREDD";
      default -> "";
    };
  }
}
