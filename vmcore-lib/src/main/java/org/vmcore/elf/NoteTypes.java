package org.vmcore.elf;

import org.vmcore.values.Hex;

/** Names of n_type (include/uapi/linux/elf.h), which depend on a note's name. */
final class NoteTypes {
  private NoteTypes() {}

  /** The name of {@code type} under {@code name}, or the number. */
  static String name(String name, int type) {
    String known =
        switch (name) {
          case "CORE" -> core(type);
          case "LINUX" -> linux(type);
          case "VMCOREINFO", "VMCOREINFO_XEN" -> type == 0 ? name : "";
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
