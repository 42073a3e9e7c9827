package org.vmcore.convert.elf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.vmcore.Vmcore;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.ElfIdent;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.bytes.ElfWriter;

/**
 * Where everything lies in the file: headers, notes, then the pieces, each congruent to its p_paddr
 * modulo the page. Lost pieces lie behind the end of the file, as in one that was cut.
 */
final class ElfLayout {
  /** e_flags of a dump that isn't whole (makedumpfile's DUMP_ELF_INCOMPLETE). */
  private static final int INCOMPLETE = 1;

  private static final long MOST_32 = 0xffff_ffffL;
  private static final ProgramHeader NO_NOTES = ProgramHeader.UNUSED;

  private final Vmcore vmcore;
  private final Pieces pieces;
  private final ProgramHeader notes;
  private final ElfHeader header;
  private final long notesOffset;
  private long size;
  private boolean isIncomplete;

  private ElfLayout(Vmcore vmcore, Pieces pieces, ElfClass elfClass) {
    this.vmcore = vmcore;
    this.pieces = pieces;
    this.notes = notes(vmcore.segments());
    this.header = header(elfClass);
    this.notesOffset = headersEnd() + 3 & -4;
    place();
  }

  /** The layout of {@code pieces}: 32 bits where the source has them and everything fits. */
  static ElfLayout of(Vmcore vmcore, Pieces pieces) {
    boolean[] isLost = new boolean[pieces.count()];
    for (int i = 0; i < isLost.length; i++) {
      isLost[i] = pieces.isLost(i);
    }
    ElfClass own = vmcore.header().elfClass();
    ElfLayout layout = new ElfLayout(vmcore, pieces, own);
    if (own == ElfClass.ELF64 || layout.fits32()) {
      return layout;
    }
    for (int i = 0; i < isLost.length; i++) {
      pieces.place(i, isLost[i] ? -1 : 0);
    }
    return new ElfLayout(vmcore, pieces, ElfClass.ELF64);
  }

  private static ProgramHeader notes(List<ProgramHeader> segments) {
    for (ProgramHeader each : segments) {
      if (each.isNote()) {
        return each;
      }
    }
    return NO_NOTES;
  }

  private ElfHeader header(ElfClass elfClass) {
    ElfHeader own = vmcore.header();
    ElfIdent ident = own.ident();
    ElfIdent other =
        new ElfIdent(
            elfClass,
            ident.order(),
            ident.version(),
            ident.osAbi(),
            ident.abiVersion(),
            ident.padding());
    return new ElfHeader(
            other,
            own.type(),
            own.machine(),
            own.version(),
            own.entry(),
            0,
            0,
            own.flags(),
            0,
            0,
            0,
            0,
            0,
            0)
        .withProgramHeaders((notes.isNote() ? 1 : 0) + pieces.count());
  }

  private long headersEnd() {
    ElfClass c = header.elfClass();
    int sections = header.shnum() * c.sectionHeaderSize();
    return c.headerSize() + (long) count() * c.programHeaderSize() + sections;
  }

  private int count() {
    return (notes.isNote() ? 1 : 0) + pieces.count();
  }

  private void place() {
    long end = notesOffset + notes.filesz();
    for (int i = 0; i < pieces.count(); i++) {
      if (!pieces.isLost(i)) {
        long offset = pieces.filesz(i) == 0 ? end : congruent(end, i);
        pieces.place(i, offset);
        end = offset + pieces.filesz(i);
      } else {
        isIncomplete = true;
      }
    }
    size = end;
    for (int i = 0; i < pieces.count(); i++) {
      if (pieces.isLost(i)) {
        long offset = congruent(end, i);
        pieces.place(i, offset);
        end = offset + pieces.filesz(i);
      }
    }
  }

  /** The first place from {@code from} on that is congruent to the address of the piece. */
  private long congruent(long from, int index) {
    long page = vmcore.pageSize();
    ProgramHeader segment = vmcore.segments().get(pieces.segment(index));
    long address = (segment.isPhysicalKnown() ? segment.paddr() : segment.vaddr());
    address += pieces.start(index) - segment.offset();
    return from + (address - from & page - 1);
  }

  private boolean fits32() {
    for (int i = 0; i < pieces.count(); i++) {
      ProgramHeader each = load(i);
      boolean isLow = !each.isPhysicalKnown() || each.paddr() + each.memsz() - 1 <= MOST_32;
      if (!isLow || each.offset() + each.filesz() > MOST_32) {
        return false;
      }
    }
    return size <= MOST_32;
  }

  /** The program header of piece {@code index}. */
  private ProgramHeader load(int index) {
    ProgramHeader segment = vmcore.segments().get(pieces.segment(index));
    long shift = pieces.start(index) - segment.offset();
    return new ProgramHeader(
        ProgramHeader.PT_LOAD,
        segment.flags(),
        pieces.offset(index),
        segment.vaddr() + shift,
        segment.isPhysicalKnown() ? segment.paddr() + shift : segment.paddr(),
        pieces.filesz(index),
        pieces.memsz(index),
        align(segment));
  }

  /** Where there are no notes, either, 0 would be taken for the mark of a device's memory. */
  private long align(ProgramHeader segment) {
    boolean isMark = segment.align() == 0 && !notes.isNote() && !vmcore.isDeviceMemory();
    return isMark || Long.compareUnsigned(segment.align(), vmcore.pageSize()) > 0
        ? vmcore.pageSize()
        : segment.align();
  }

  /** The size of the file in bytes. */
  long size() {
    return size;
  }

  /** Whether some of the memory is lost. */
  boolean isIncomplete() {
    return isIncomplete;
  }

  /** The pieces, each with its place. */
  Pieces pieces() {
    return pieces;
  }

  /** The place of the notes in the file. */
  long notesOffset() {
    return notesOffset;
  }

  /** The image offset of the notes. */
  long notesStart() {
    return notes.offset();
  }

  /** The bytes of the notes. */
  long notesSize() {
    return notes.filesz();
  }

  /** The bytes in front of the notes. */
  MemorySegment headers(Arena arena) {
    MemorySegment bytes = arena.allocate(notesOffset, Long.BYTES);
    ElfClass c = header.elfClass();
    ElfWriter out = new ElfWriter(bytes, c, header.order());
    out.header(isIncomplete ? incomplete() : header);
    if (notes.isNote()) {
      out.programHeader(notes.withOffset(notesOffset));
    }
    for (int i = 0; i < pieces.count(); i++) {
      out.programHeader(load(i));
    }
    if (header.shnum() > 0) {
      out.skip(c.sectionInfoOffset()).u32(count());
    }
    return bytes;
  }

  private ElfHeader incomplete() {
    return new ElfHeader(
        header.ident(),
        header.type(),
        header.machine(),
        header.version(),
        header.entry(),
        header.phoff(),
        header.shoff(),
        header.flags() | INCOMPLETE,
        header.ehsize(),
        header.phentsize(),
        header.phnum(),
        header.shentsize(),
        header.shnum(),
        header.shstrndx());
  }
}
