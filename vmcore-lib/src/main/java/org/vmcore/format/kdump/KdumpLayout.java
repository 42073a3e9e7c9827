package org.vmcore.format.kdump;

import java.nio.ByteOrder;
import org.vmcore.elf.ElfClass;

/** The word size and byte order of the machine that a dump's headers were written for. */
enum KdumpLayout {
  LE32(ElfClass.ELF32, ByteOrder.LITTLE_ENDIAN),
  BE32(ElfClass.ELF32, ByteOrder.BIG_ENDIAN),
  LE64(ElfClass.ELF64, ByteOrder.LITTLE_ENDIAN),
  BE64(ElfClass.ELF64, ByteOrder.BIG_ENDIAN);

  private final ElfClass elfClass;
  private final ByteOrder order;

  KdumpLayout(ElfClass elfClass, ByteOrder order) {
    this.elfClass = elfClass;
    this.order = order;
  }

  ElfClass elfClass() {
    return elfClass;
  }

  ByteOrder order() {
    return order;
  }

  boolean is64Bit() {
    return elfClass == ElfClass.ELF64;
  }

  /** In words: {@code 64-bit little-endian}. */
  String describe() {
    return elfClass.bits()
        + "-bit "
        + (order == ByteOrder.LITTLE_ENDIAN ? "little-endian" : "big-endian");
  }
}
