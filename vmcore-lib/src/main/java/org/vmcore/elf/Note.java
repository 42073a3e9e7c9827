package org.vmcore.elf;

/**
 * One note of a vmcore.
 *
 * @param index its place among the notes, from 0
 * @param segment the PT_NOTE it comes from: an index into the crash headers' program headers
 * @param name n_name without its NUL; at most 255 characters of it
 * @param type n_type
 * @param offset of its header, an offset in the image in bytes
 * @param descOffset of its descriptor, an offset in the image in bytes
 * @param descsz n_descsz, the descriptor's size in bytes
 */
public record Note(
    int index, int segment, String name, int type, long offset, long descOffset, long descsz) {
  /** n_type of a CPU's registers. */
  public static final int NT_PRSTATUS = 1;

  /** n_type of a device dump. */
  public static final int NT_VMCOREDD = 0x700;

  /** Whether this holds a CPU's registers. */
  public boolean isPrStatus() {
    return type == NT_PRSTATUS && name.equals("CORE");
  }

  /** Whether this is the VMCOREINFO text. */
  public boolean isVmcoreInfo() {
    return type == 0 && name.equals(VmcoreInfo.NAME);
  }

  /** Whether this is a device dump. */
  public boolean isVmcoredd() {
    return type == NT_VMCOREDD && name.equals("LINUX");
  }

  /** Whether this is the state of a CPU as QEMU saw it. */
  public boolean isQemuCpuState() {
    return type == 0 && name.equals("QEMU");
  }

  /** The name of n_type under this note's name, or the number. */
  public String typeName() {
    String known =
        switch (name) {
          case "CORE" -> coreType();
          case "LINUX" -> linuxType();
          case "VMCOREINFO", "VMCOREINFO_XEN" -> type == 0 ? name : "";
          case "QEMU" -> type == 0 ? "QEMU_CPU_STATE" : "";
          default -> "";
        };
    return known.isEmpty() ? "0x" + Integer.toHexString(type) : known;
  }

  private String coreType() {
    return switch (type) {
      case NT_PRSTATUS -> "NT_PRSTATUS";
      case 2 -> "NT_FPREGSET";
      case 3 -> "NT_PRPSINFO";
      case 4 -> "NT_TASKSTRUCT";
      case 6 -> "NT_AUXV";
      default -> "";
    };
  }

  private String linuxType() {
    return switch (type) {
      case 0x200 -> "NT_386_TLS";
      case 0x202 -> "NT_X86_XSTATE";
      case 0x300 -> "NT_S390_HIGH_GPRS";
      case 0x400 -> "NT_ARM_VFP";
      case 0x401 -> "NT_ARM_TLS";
      case 0x405 -> "NT_ARM_SVE";
      case 0x406 -> "NT_ARM_PAC_MASK";
      case NT_VMCOREDD -> "NT_VMCOREDD";
      default -> "";
    };
  }
}
