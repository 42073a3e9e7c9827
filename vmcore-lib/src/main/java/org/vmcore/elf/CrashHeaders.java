package org.vmcore.elf;

import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The first kernel's ELF header and program headers. Each PT_LOAD's and PT_NOTE's {@code p_offset}
 * is an address in old memory.
 *
 * @param header the ELF header
 * @param programHeaders in their own order
 * @param names what the file calls the memory of each program header, where it has section headers
 *     in their place; else empty
 */
public record CrashHeaders(
    ElfHeader header, List<ProgramHeader> programHeaders, List<String> names) {
  /** The program headers aren't copied: there may be a hundred thousand of them. */
  public CrashHeaders {
    programHeaders = Collections.unmodifiableList(programHeaders);
    names = Collections.unmodifiableList(names);
  }

  /** Headers whose memory has no names. */
  public CrashHeaders(ElfHeader header, List<ProgramHeader> programHeaders) {
    this(header, programHeaders, List.of());
  }

  /** Headers made for a 64-bit little-endian machine, {@code machine} being its e_machine. */
  public static CrashHeaders of(int machine, List<ProgramHeader> programHeaders) {
    return of(ElfClass.ELF64, ByteOrder.LITTLE_ENDIAN, machine, programHeaders);
  }

  /** Headers made for a little-endian machine, {@code machine} being its e_machine. */
  public static CrashHeaders of(
      ElfClass elfClass, int machine, List<ProgramHeader> programHeaders) {
    return of(elfClass, ByteOrder.LITTLE_ENDIAN, machine, programHeaders);
  }

  /** Headers made for a machine of this byte order, {@code machine} being its e_machine. */
  public static CrashHeaders of(
      ElfClass elfClass, ByteOrder order, int machine, List<ProgramHeader> programHeaders) {
    ElfIdent ident = new ElfIdent(elfClass, order, 1, 0, 0, 0);
    int type = ElfHeader.ET_CORE;
    ElfHeader header =
        new ElfHeader(ident, type, machine, ElfHeader.EV_CURRENT, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    return new CrashHeaders(header.withProgramHeaders(programHeaders.size()), programHeaders);
  }

  /** What the file calls the memory of program header {@code index}; empty where it has no name. */
  public Optional<String> name(int index) {
    return index < names.size() && !names.get(index).isEmpty()
        ? Optional.of(names.get(index))
        : Optional.empty();
  }

  /**
   * Whether this looks like the memory of a device, as the kernel writes coredumps of remote
   * processors: no notes, and either memory by section headers or PT_LOADs that are all of them
   * whole, RWX, not aligned, and at one address, the device's ({@code
   * drivers/remoteproc/remoteproc_coredump.c}).
   */
  public boolean isDeviceMemory() {
    boolean isDevice = false;
    for (ProgramHeader each : programHeaders) {
      if (each.isNote() || (each.isLoad() && !each.isDeviceMemory() && names.isEmpty())) {
        return false;
      }
      isDevice |= each.isLoad();
    }
    return isDevice;
  }
}
