package org.vmcore.elf;

import java.nio.ByteOrder;
import org.vmcore.values.Described;

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

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("ElfHeader")
        .add("ident", ident)
        .add("type", type)
        .add("machine", machine)
        .add("version", version)
        .hex("entry", entry)
        .hex("phoff", phoff)
        .hex("shoff", shoff)
        .add("flags", flags)
        .add("ehsize", ehsize)
        .add("phentsize", phentsize)
        .add("phnum", phnum)
        .add("shentsize", shentsize)
        .add("shnum", shnum)
        .add("shstrndx", shstrndx)
        .toString();
  }
}
