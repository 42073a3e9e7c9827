package org.vmcore.elf;

import org.vmcore.io.Cursor;
import org.vmcore.memory.VmcoreException;

/**
 * Elf32_Phdr or Elf64_Phdr (System V ABI, chapter 5). 64-bit numbers are unsigned.
 *
 * @param type p_type
 * @param flags p_flags
 * @param offset p_offset: a file offset in a vmcore, an address in old memory in an elfcorehdr
 * @param vaddr p_vaddr, a virtual address of the crashed kernel
 * @param paddr p_paddr, a physical address
 * @param filesz p_filesz in bytes
 * @param memsz p_memsz in bytes
 * @param align p_align in bytes
 */
public record ProgramHeader(
    int type, int flags, long offset, long vaddr, long paddr, long filesz, long memsz, long align) {
  /** An unused entry. */
  public static final int PT_NULL = 0;

  /** Memory. */
  public static final int PT_LOAD = 1;

  /** Notes. */
  public static final int PT_NOTE = 4;

  /** An entry that is not used. */
  public static final ProgramHeader UNUSED = new ProgramHeader(PT_NULL, 0, 0, 0, 0, 0, 0, 0);

  /** Parses one program header. */
  public static ProgramHeader parse(Cursor in, ElfClass elfClass) throws VmcoreException {
    return elfClass == ElfClass.ELF64 ? parse64(in) : parse32(in);
  }

  private static ProgramHeader parse64(Cursor in) throws VmcoreException {
    return new ProgramHeader(
        in.s32("p_type"),
        in.s32("p_flags"),
        in.u64("p_offset"),
        in.u64("p_vaddr"),
        in.u64("p_paddr"),
        in.u64("p_filesz"),
        in.u64("p_memsz"),
        in.u64("p_align"));
  }

  private static ProgramHeader parse32(Cursor in) throws VmcoreException {
    int type = in.s32("p_type");
    long offset = in.u32("p_offset");
    long vaddr = in.u32("p_vaddr");
    long paddr = in.u32("p_paddr");
    long filesz = in.u32("p_filesz");
    long memsz = in.u32("p_memsz");
    int flags = in.s32("p_flags");
    return new ProgramHeader(type, flags, offset, vaddr, paddr, filesz, memsz, in.u32("p_align"));
  }

  /** Writes the program header in {@code elfClass}'s layout. */
  public void write(ElfWriter out, ElfClass elfClass) {
    if (elfClass == ElfClass.ELF64) {
      out.u32(type).u32(flags).u64(offset).u64(vaddr).u64(paddr).u64(filesz).u64(memsz).u64(align);
    } else {
      out.u32(type).word(offset).word(vaddr).word(paddr).word(filesz).word(memsz);
      out.u32(flags).word(align);
    }
  }

  /** This header with another p_offset. */
  public ProgramHeader withOffset(long other) {
    return new ProgramHeader(type, flags, other, vaddr, paddr, filesz, memsz, align);
  }

  /** Whether this is a PT_LOAD. */
  public boolean isLoad() {
    return type == PT_LOAD;
  }

  /** Whether this entry is used: its type isn't PT_NULL. */
  public boolean isUsed() {
    return type != PT_NULL;
  }

  /** Whether this is a PT_NOTE. */
  public boolean isNote() {
    return type == PT_NOTE;
  }

  /** The name of p_type, as {@code readelf} writes it: {@code LOAD}, {@code NOTE}, or a number. */
  public String typeName() {
    return switch (type) {
      case PT_NULL -> "NULL";
      case PT_LOAD -> "LOAD";
      case 2 -> "DYNAMIC";
      case 3 -> "INTERP";
      case PT_NOTE -> "NOTE";
      case 5 -> "SHLIB";
      case 6 -> "PHDR";
      case 7 -> "TLS";
      default -> "0x" + Integer.toHexString(type);
    };
  }
}
