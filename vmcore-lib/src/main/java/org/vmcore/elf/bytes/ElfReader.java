package org.vmcore.elf.bytes;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.ElfIdent;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.io.Cursor;
import org.vmcore.memory.VmcoreException;

/** Reads ELF structures of both word sizes and byte orders (System V ABI, chapters 4 and 5). */
public final class ElfReader {
  static final int ELFDATA2LSB = 1;
  static final int ELFDATA2MSB = 2;

  private static final int EI_CLASS = 4;
  private static final int EI_DATA = 5;

  private ElfReader() {}

  /** The header that stands at offset 0 of {@code file}; no more than e_ident is checked. */
  public static ElfHeader header(String file, MemorySegment bytes) throws VmcoreException {
    ElfIdent ident = ident(Cursor.of(file, 0, bytes, ByteOrder.BIG_ENDIAN), file);
    Cursor in = Cursor.of(file, 0, bytes, ident.order()).skip(ElfIdent.SIZE, "e_ident");
    ElfClass size = ident.elfClass();
    return new ElfHeader(
        ident,
        in.u16("e_type"),
        in.u16("e_machine"),
        in.s32("e_version"),
        word(in, size, "e_entry"),
        word(in, size, "e_phoff"),
        word(in, size, "e_shoff"),
        in.s32("e_flags"),
        in.u16("e_ehsize"),
        in.u16("e_phentsize"),
        in.u16("e_phnum"),
        in.u16("e_shentsize"),
        in.u16("e_shnum"),
        in.u16("e_shstrndx"));
  }

  private static long word(Cursor in, ElfClass elfClass, String field) throws VmcoreException {
    return elfClass == ElfClass.ELF64 ? in.u64(field) : in.u32(field);
  }

  private static ElfIdent ident(Cursor in, String file) throws VmcoreException {
    int magic = in.u8("e_ident") << 24 | in.u8("e_ident") << 16 | in.u8("e_ident") << 8;
    if ((magic | in.u8("e_ident")) != ElfIdent.MAGIC) {
      throw VmcoreException.at(file, 0, "e_ident: not an ELF file");
    }
    ElfClass elfClass = elfClass(in.u8("EI_CLASS"), file);
    ByteOrder order = order(in.u8("EI_DATA"), file);
    int version = in.u8("EI_VERSION");
    int osAbi = in.u8("EI_OSABI");
    int abiVersion = in.u8("EI_ABIVERSION");
    long padding = 0;
    for (int i = 0; i < 7; i++) {
      padding = padding << 8 | in.u8("EI_PAD");
    }
    return new ElfIdent(elfClass, order, version, osAbi, abiVersion, padding);
  }

  private static ElfClass elfClass(int code, String file) throws VmcoreException {
    for (ElfClass elfClass : ElfClass.values()) {
      if (elfClass.code() == code) {
        return elfClass;
      }
    }
    throw VmcoreException.at(
        file, EI_CLASS, "EI_CLASS is " + code + ", not 1 (32-bit) or 2 (64-bit)");
  }

  private static ByteOrder order(int code, String file) throws VmcoreException {
    return switch (code) {
      case ELFDATA2LSB -> ByteOrder.LITTLE_ENDIAN;
      case ELFDATA2MSB -> ByteOrder.BIG_ENDIAN;
      default ->
          throw VmcoreException.at(
              file, EI_DATA, "EI_DATA is " + code + ", not 1 (little-endian) or 2 (big-endian)");
    };
  }

  /** One program header. */
  public static ProgramHeader programHeader(Cursor in, ElfClass elfClass) throws VmcoreException {
    return elfClass == ElfClass.ELF64 ? programHeader64(in) : programHeader32(in);
  }

  private static ProgramHeader programHeader64(Cursor in) throws VmcoreException {
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

  private static ProgramHeader programHeader32(Cursor in) throws VmcoreException {
    int type = in.s32("p_type");
    long offset = in.u32("p_offset");
    long vaddr = in.u32("p_vaddr");
    long paddr = in.u32("p_paddr");
    long filesz = in.u32("p_filesz");
    long memsz = in.u32("p_memsz");
    int flags = in.s32("p_flags");
    return new ProgramHeader(type, flags, offset, vaddr, paddr, filesz, memsz, in.u32("p_align"));
  }
}
