package org.vmcore.format.kdump;

import java.nio.ByteOrder;
import org.vmcore.elf.ElfClass;

/**
 * How a dump's headers lie, which depends on the machine and the makedumpfile that they were
 * written by: the word size, the byte order, and the size of the two numbers of timestamp. A 32-bit
 * program may be built with a time_t of 64 bits, which moves all that stands behind it: to where a
 * 64-bit one has it or, where numbers of 64 bits are aligned to 4 bytes (i386), 4 bytes before.
 */
public enum KdumpLayout {
  LE32(ElfClass.ELF32, ByteOrder.LITTLE_ENDIAN, 404, Integer.BYTES),
  BE32(ElfClass.ELF32, ByteOrder.BIG_ENDIAN, 404, Integer.BYTES),
  LE64(ElfClass.ELF64, ByteOrder.LITTLE_ENDIAN, 408, Long.BYTES),
  BE64(ElfClass.ELF64, ByteOrder.BIG_ENDIAN, 408, Long.BYTES),
  LE32_TIME64(ElfClass.ELF32, ByteOrder.LITTLE_ENDIAN, 408, Long.BYTES),
  BE32_TIME64(ElfClass.ELF32, ByteOrder.BIG_ENDIAN, 408, Long.BYTES),
  LE32_TIME64_PACKED(ElfClass.ELF32, ByteOrder.LITTLE_ENDIAN, 404, Long.BYTES),
  BE32_TIME64_PACKED(ElfClass.ELF32, ByteOrder.BIG_ENDIAN, 404, Long.BYTES);

  private final ElfClass elfClass;
  private final ByteOrder order;
  private final int timeOffset;
  private final int timeSize;

  KdumpLayout(ElfClass elfClass, ByteOrder order, int timeOffset, int timeSize) {
    this.elfClass = elfClass;
    this.order = order;
    this.timeOffset = timeOffset;
    this.timeSize = timeSize;
  }

  /** The layout of a machine of this word size and byte order, with times of one word. */
  public static KdumpLayout of(ElfClass elfClass, ByteOrder order) {
    boolean little = order == ByteOrder.LITTLE_ENDIAN;
    return elfClass == ElfClass.ELF64 ? little ? LE64 : BE64 : little ? LE32 : BE32;
  }

  /** The word size. */
  public ElfClass elfClass() {
    return elfClass;
  }

  /** The byte order. */
  public ByteOrder order() {
    return order;
  }

  boolean is64Bit() {
    return elfClass == ElfClass.ELF64;
  }

  /** The offset of timestamp in the main header, in bytes. */
  int timeOffset() {
    return timeOffset;
  }

  /** The size of each of its two numbers in bytes. */
  int timeSize() {
    return timeSize;
  }

  /** The offset of status in the main header, in bytes. */
  int statusOffset() {
    return timeOffset + 2 * timeSize;
  }

  /** In words: {@code 64-bit little-endian}. */
  String describe() {
    return elfClass.bits()
        + "-bit "
        + (order == ByteOrder.LITTLE_ENDIAN ? "little-endian" : "big-endian")
        + (is64Bit() || timeSize == Integer.BYTES ? "" : " with 64-bit times");
  }
}
