package org.vmcore.elf;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import org.vmcore.io.Cursor;
import org.vmcore.memory.VmcoreException;

/**
 * Elf32_Ehdr or Elf64_Ehdr, in on-disk order (System V ABI, chapter 4).
 *
 * @param ident e_ident
 * @param type e_type
 * @param machine e_machine
 * @param version e_version
 * @param entry e_entry, a virtual address
 * @param phoff e_phoff, the file offset of the program headers
 * @param shoff e_shoff, the file offset of the section headers
 * @param flags e_flags
 * @param ehsize e_ehsize in bytes
 * @param phentsize e_phentsize in bytes
 * @param phnum e_phnum; {@link #PN_XNUM} when the count stands in section 0
 * @param shentsize e_shentsize in bytes
 * @param shnum e_shnum
 * @param shstrndx e_shstrndx
 */
public record ElfHeader(
    ElfIdent ident,
    int type,
    int machine,
    int version,
    long entry,
    long phoff,
    long shoff,
    int flags,
    int ehsize,
    int phentsize,
    int phnum,
    int shentsize,
    int shnum,
    int shstrndx) {
  /** e_type of a core file. */
  public static final int ET_CORE = 4;

  /** EV_CURRENT, the one version of ELF. */
  public static final int EV_CURRENT = 1;

  /** e_phnum when there are too many program headers for its 16 bits. */
  public static final int PN_XNUM = 0xffff;

  /** Parses the header that stands at offset 0 of {@code file}; checks no more than e_ident. */
  public static ElfHeader parse(String file, MemorySegment bytes) throws VmcoreException {
    ElfIdent ident = ElfIdent.parse(Cursor.of(file, 0, bytes, ByteOrder.BIG_ENDIAN), file);
    Cursor in = Cursor.of(file, 0, bytes, ident.order()).skip(ElfIdent.SIZE, "e_ident");
    boolean wide = ident.elfClass() == ElfClass.ELF64;
    return new ElfHeader(
        ident,
        in.u16("e_type"),
        in.u16("e_machine"),
        in.s32("e_version"),
        wide ? in.u64("e_entry") : in.u32("e_entry"),
        wide ? in.u64("e_phoff") : in.u32("e_phoff"),
        wide ? in.u64("e_shoff") : in.u32("e_shoff"),
        in.s32("e_flags"),
        in.u16("e_ehsize"),
        in.u16("e_phentsize"),
        in.u16("e_phnum"),
        in.u16("e_shentsize"),
        in.u16("e_shnum"),
        in.u16("e_shstrndx"));
  }

  /** The word size of this header. */
  public ElfClass elfClass() {
    return ident.elfClass();
  }

  /** The byte order of this header. */
  public ByteOrder order() {
    return ident.order();
  }

  /** The file offset of field {@code e_phnum} in bytes. */
  public int phnumOffset() {
    return elfClass() == ElfClass.ELF64 ? 56 : 44;
  }

  /**
   * This header with program headers right behind it, and no sections but the one PN_XNUM needs.
   */
  public ElfHeader withProgramHeaders(int count) {
    ElfClass c = elfClass();
    boolean extended = count >= PN_XNUM;
    long sections = c.headerSize() + (long) count * c.programHeaderSize();
    return new ElfHeader(
        ident,
        type,
        machine,
        version,
        entry,
        c.headerSize(),
        extended ? sections : 0,
        flags,
        c.headerSize(),
        c.programHeaderSize(),
        extended ? PN_XNUM : count,
        extended ? c.sectionHeaderSize() : 0,
        extended ? 1 : 0,
        0);
  }

  /** This header with another e_phnum (and, past its 16 bits, section 0 behind the table). */
  public ElfHeader withPhnum(int count) {
    return count >= PN_XNUM || phnum == PN_XNUM
        ? withProgramHeaders(count)
        : new ElfHeader(
            ident, type, machine, version, entry, phoff, shoff, flags, ehsize, phentsize, count,
            shentsize, shnum, shstrndx);
  }

  /** Writes the header. */
  public void write(ElfWriter out) {
    ident.write(out);
    out.u16(type).u16(machine).u32(version).word(entry).word(phoff).word(shoff).u32(flags);
    out.u16(ehsize).u16(phentsize).u16(phnum).u16(shentsize).u16(shnum).u16(shstrndx);
  }
}
