package org.vmcore.elf;

import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;

/**
 * The first kernel's ELF header and program headers. Each PT_LOAD's and PT_NOTE's {@code p_offset}
 * is an address in old memory.
 *
 * @param header the ELF header
 * @param programHeaders in their own order
 */
public record CrashHeaders(ElfHeader header, List<ProgramHeader> programHeaders) {
  /** The program headers aren't copied: there may be a hundred thousand of them. */
  public CrashHeaders {
    programHeaders = Collections.unmodifiableList(programHeaders);
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
}
