package org.vmcore.headers;

import java.util.Collections;
import java.util.List;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.ProgramHeader;

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
}
