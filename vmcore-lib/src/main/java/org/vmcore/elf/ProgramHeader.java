package org.vmcore.elf;

import org.vmcore.values.Described;
import org.vmcore.values.Hex;

/**
 * Elf32_Phdr or Elf64_Phdr (System V ABI, chapter 5). 64-bit numbers are unsigned.
 *
 * @param type p_type
 * @param flags p_flags
 * @param offset p_offset: a file offset in a vmcore, an address in old memory in an elfcorehdr
 * @param vaddr p_vaddr, a virtual address of the crashed kernel
 * @param paddr p_paddr, a physical address; −1 where none is known
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

  /** p_flags: all may be done with it. */
  private static final int RWX = 7;

  /** An entry that is not used. */
  public static final ProgramHeader UNUSED = new ProgramHeader(PT_NULL, 0, 0, 0, 0, 0, 0, 0);

  /** This header with another p_offset. */
  public ProgramHeader withOffset(long other) {
    return new ProgramHeader(type, flags, other, vaddr, paddr, filesz, memsz, align);
  }

  /**
   * Whether p_paddr is a physical address: {@code /proc/kcore} has −1 for vmalloc, modules and
   * vmemmap (Linux' {@code fs/proc/kcore.c}).
   */
  public boolean isPhysicalKnown() {
    return paddr != -1;
  }

  /** Whether this is as the kernel writes the memory of a remote processor. */
  boolean isDeviceMemory() {
    return flags == RWX && align == 0 && vaddr == paddr && filesz == memsz;
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
      default -> Hex.of(type);
    };
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("ProgramHeader")
        .add("type", type)
        .add("flags", flags)
        .hex("offset", offset)
        .hex("vaddr", vaddr)
        .hex("paddr", paddr)
        .hex("filesz", filesz)
        .hex("memsz", memsz)
        .hex("align", align)
        .toString();
  }
}
