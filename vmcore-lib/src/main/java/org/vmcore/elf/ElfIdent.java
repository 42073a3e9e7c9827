package org.vmcore.elf;

import java.nio.ByteOrder;
import org.vmcore.io.Cursor;
import org.vmcore.memory.VmcoreException;

/**
 * e_ident: the first 16 bytes of an ELF file.
 *
 * @param elfClass EI_CLASS
 * @param order EI_DATA
 * @param version EI_VERSION
 * @param osAbi EI_OSABI
 * @param abiVersion EI_ABIVERSION
 * @param padding the seven bytes of EI_PAD, the first one in the highest byte
 */
public record ElfIdent(
    ElfClass elfClass, ByteOrder order, int version, int osAbi, int abiVersion, long padding) {
  /** The size of e_ident in bytes. */
  public static final int SIZE = 16;

  /** The magic number as a big-endian number. */
  public static final int MAGIC = 0x7f454c46;

  static final int EI_CLASS = 4;
  static final int EI_DATA = 5;
  static final int ELFDATA2LSB = 1;
  static final int ELFDATA2MSB = 2;

  /** Parses e_ident, which stands at offset 0 of {@code file}. */
  static ElfIdent parse(Cursor in, String file) throws VmcoreException {
    int magic = in.u8("e_ident") << 24 | in.u8("e_ident") << 16 | in.u8("e_ident") << 8;
    if ((magic | in.u8("e_ident")) != MAGIC) {
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

  void write(ElfWriter out) {
    out.u8(0x7f).u8('E').u8('L').u8('F').u8(elfClass.code());
    out.u8(order == ByteOrder.LITTLE_ENDIAN ? ELFDATA2LSB : ELFDATA2MSB);
    out.u8(version).u8(osAbi).u8(abiVersion);
    for (int shift = 48; shift >= 0; shift -= 8) {
      out.u8((int) (padding >>> shift));
    }
  }
}
