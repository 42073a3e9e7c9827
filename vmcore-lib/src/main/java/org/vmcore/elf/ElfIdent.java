package org.vmcore.elf;

import java.nio.ByteOrder;
import org.vmcore.values.Described;

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

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("ElfIdent")
        .add("elfClass", elfClass)
        .add("order", order)
        .add("version", version)
        .add("osAbi", osAbi)
        .add("abiVersion", abiVersion)
        .hex("padding", padding)
        .toString();
  }
}
