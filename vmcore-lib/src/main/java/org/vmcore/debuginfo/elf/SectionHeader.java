package org.vmcore.debuginfo.elf;

import org.vmcore.elf.bytes.ElfWriter;

/**
 * Elf64_Shdr, in on-disk order (System V ABI, chapter 4).
 *
 * @param name sh_name, where its name begins in the table of names
 * @param type sh_type
 * @param flags sh_flags
 * @param address sh_addr
 * @param offset sh_offset
 * @param size sh_size
 * @param link sh_link
 * @param info sh_info
 * @param align sh_addralign
 * @param entrySize sh_entsize
 */
record SectionHeader(
    int name,
    int type,
    long flags,
    long address,
    long offset,
    long size,
    int link,
    int info,
    long align,
    long entrySize) {
  static final int SIZE = 64;

  static final int PROGBITS = 1;
  static final int SYMTAB = 2;
  static final int STRTAB = 3;
  static final int NOTE = 7;
  static final int NOBITS = 8;

  static final long WRITE = 1;
  static final long ALLOC = 2;
  static final long EXECINSTR = 4;
  static final long COMPRESSED = 0x800;

  /** Section 0. */
  static final SectionHeader NULL = new SectionHeader(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  void writeTo(ElfWriter out) {
    out.u32(name).u32(type).u64(flags).u64(address).u64(offset).u64(size);
    out.u32(link).u32(info).u64(align).u64(entrySize);
  }
}
