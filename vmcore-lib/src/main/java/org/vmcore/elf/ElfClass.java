package org.vmcore.elf;

/** EI_CLASS: the word size of an ELF file's structures. */
public enum ElfClass {
  /** 32-bit structures. */
  ELF32(1, 52, 32, 40, 28),
  /** 64-bit structures. */
  ELF64(2, 64, 56, 64, 44);

  private final int code;
  private final int headerSize;
  private final int programHeaderSize;
  private final int sectionHeaderSize;
  private final int sectionInfoOffset;

  ElfClass(int code, int headerSize, int programHeaderSize, int sectionHeaderSize, int info) {
    this.code = code;
    this.headerSize = headerSize;
    this.programHeaderSize = programHeaderSize;
    this.sectionHeaderSize = sectionHeaderSize;
    this.sectionInfoOffset = info;
  }

  /** The value of EI_CLASS. */
  public int code() {
    return code;
  }

  /** The size of Elf32_Ehdr or Elf64_Ehdr in bytes. */
  public int headerSize() {
    return headerSize;
  }

  /** The size of Elf32_Phdr or Elf64_Phdr in bytes. */
  public int programHeaderSize() {
    return programHeaderSize;
  }

  /** The size of Elf32_Shdr or Elf64_Shdr in bytes. */
  public int sectionHeaderSize() {
    return sectionHeaderSize;
  }

  /** The offset of {@code sh_info} in a section header in bytes. */
  public int sectionInfoOffset() {
    return sectionInfoOffset;
  }

  /** The number of bits in an address. */
  public int bits() {
    return this == ELF64 ? 64 : 32;
  }
}
