package org.vmcore.elf;

import java.util.List;
import org.vmcore.memory.VmcoreException;

/**
 * One note of a vmcore. It decodes itself, reading the dump that it is of: when that is closed, or
 * its file fails, the methods that decode throw a {@link VmcoreException}.
 */
public interface Note {
  /** n_type of a CPU's registers. */
  int NT_PRSTATUS = 1;

  /** n_type of a device dump. */
  int NT_VMCOREDD = 0x700;

  /** Its place among the notes, from 0. */
  int index();

  /** The PT_NOTE it comes from: an index into the crash headers' program headers. */
  int segment();

  /** n_name without its NUL; at most 255 characters of it. */
  String name();

  /** n_type. */
  int type();

  /** Of its header, an offset in the image in bytes. */
  long offset();

  /** Of its descriptor, an offset in the image in bytes. */
  long descOffset();

  /** n_descsz, the descriptor's size in bytes. */
  long descsz();

  /**
   * Its descriptor, as far as it can be read.
   *
   * @param most the most bytes that are wanted
   */
  byte[] descriptor(int most) throws VmcoreException;

  /** A CPU's registers; an error when the descriptor is too short. */
  PrStatus prStatus() throws VmcoreException;

  /** What QEMU saw of a CPU; an error when the descriptor is too short. */
  QemuCpuState qemuCpuState() throws VmcoreException;

  /** A device's dump; an error when the descriptor is too short. */
  Vmcoredd vmcoredd() throws VmcoreException;

  /** The text of a VMCOREINFO note. */
  VmcoreInfo vmcoreInfo() throws VmcoreException;

  /** Whether this holds a CPU's registers. */
  default boolean isPrStatus() {
    return type() == NT_PRSTATUS && name().equals("CORE");
  }

  /**
   * The registers of a set that is s390x's alone, as NT_S390_CTRS; empty of any other note, and of
   * one that is too short.
   *
   * @throws VmcoreException when the descriptor can't be read
   */
  default List<Register> registers() throws VmcoreException {
    int size = name().equals("LINUX") ? RegisterSets.size(type()) : 0;
    if (size == 0) {
      return List.of();
    }
    byte[] desc = descriptor(size);
    return desc.length < size ? List.of() : RegisterSets.of(type(), desc);
  }

  /** Whether this is the VMCOREINFO text. */
  default boolean isVmcoreInfo() {
    return type() == 0 && name().equals(VmcoreInfo.NAME);
  }

  /** Whether this is a device dump. */
  default boolean isVmcoredd() {
    return type() == NT_VMCOREDD && name().equals("LINUX");
  }

  /** Whether this is the state of a CPU as QEMU saw it. */
  default boolean isQemuCpuState() {
    return type() == 0 && name().equals("QEMU");
  }

  /**
   * Whether this is of a Xen host: what its dump calls physical addresses are the machine's, which
   * dom0 doesn't know.
   */
  default boolean isXenHost() {
    return (name().equals("Xen") && NoteTypes.isXenCrash(type()))
        || name().equals("VMCOREINFO_XEN");
  }

  /** The name of n_type under this note's name, or the number. */
  default String typeName() {
    return NoteTypes.name(name(), type());
  }
}
