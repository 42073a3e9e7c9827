package org.vmcore.format.elf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.vmcore.dump.NoteWalk;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.bytes.NoteHeader;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.VmcoreException;
import org.vmcore.oldmem.FileOldMemory;

/** ELF files that are no dumps of a kernel's memory, or none by program headers. */
final class ForeignElf {
  private static final int ET_REL = 1;
  private static final int ET_EXEC = 2;
  private static final int ET_DYN = 3;

  /** Where a 32-bit kernel's addresses may begin: VMSPLIT_1G. */
  private static final long KERNEL_32 = 0x4000_0000L;

  private static final int NT_AUXV = 6;
  private static final int NT_FILE = 0x4649_4c45;
  private static final int NAMES_SIZE = 4096;

  private ForeignElf() {}

  /** What {@code header} says that the file is instead of a core file. */
  static String notCore(ByteSource file, ElfHeader header) throws VmcoreException {
    String is = "e_type is " + header.type() + ", not 4: not a core file";
    return switch (header.type()) {
      case ET_REL -> is + " but an object file or a kernel's module: give the dump itself";
      case ET_EXEC, ET_DYN ->
          is
              + (isVmlinux(file, header) ? " but a kernel's vmlinux" : " but a program or library")
              + ": give the dump itself";
      default -> is;
    };
  }

  /** A program has its addresses in the lower half. */
  private static boolean isVmlinux(ByteSource file, ElfHeader header) throws VmcoreException {
    try {
      for (ProgramHeader segment : ProgramHeaderTable.read(file, header, new ArrayList<>())) {
        boolean isKernels =
            header.elfClass() == ElfClass.ELF64
                ? segment.vaddr() < 0
                : segment.vaddr() >= KERNEL_32 && segment.vaddr() != segment.paddr();
        if (segment.isLoad() && isKernels) {
          return true;
        }
      }
    } catch (VmcoreException e) {
      return false; // without program headers nothing tells
    }
    return false;
  }

  /**
   * What a file without program headers is, if its sections tell: {@code xl dump-core} writes these
   * alone (Xen's {@code docs/misc/dump-core-format.txt}).
   */
  static String noProgramHeaders(SectionHeaders sections) throws VmcoreException {
    String names = new String(sections.nameBytes(NAMES_SIZE), StandardCharsets.ISO_8859_1);
    return names.contains("\0.xen_pages\0") || names.contains("\0.xen_prstatus\0")
        ? "a Xen guest dumped by xl dump-core can't be read, it has no program headers: crash the"
            + " guest into its own kdump instead (`xl sysrq GUEST c`)"
        : "";
  }

  /**
   * Whether a core file without physical addresses is that of a process: it has notes on its
   * auxiliary vector or its files, which no kernel's dump has (Linux' {@code fs/binfmt_elf.c}).
   */
  static boolean isProcess(ByteSource file, ElfHeader header, List<ProgramHeader> segments)
      throws VmcoreException {
    ProcessNotes notes = new ProcessNotes();
    for (ProgramHeader segment : segments) {
      if (segment.isNote() && !notes.found) {
        new NoteWalk(
                FileOldMemory.whole(file),
                file.name(),
                segment.offset(),
                segment.filesz(),
                header.order())
            .walk(notes);
      }
    }
    return notes.found;
  }

  /** Looks for a note that only a process's core has. */
  private static final class ProcessNotes implements NoteWalk.Visitor {
    private boolean found;
    private int budget = NoteWalk.MAX_NOTES;

    @Override
    public boolean note(long at, NoteHeader header, String name) {
      found |= name.equals("CORE") && (header.type() == NT_AUXV || header.type() == NT_FILE);
      return !found && --budget > 0;
    }
  }
}
