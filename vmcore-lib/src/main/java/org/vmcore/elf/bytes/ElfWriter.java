package org.vmcore.elf.bytes;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.ElfIdent;
import org.vmcore.elf.ProgramHeader;

/**
 * Writes ELF fields one after the other. The room must be there: it throws no checked exception.
 */
public final class ElfWriter {
  private final MemorySegment out;
  private final boolean wide;
  private final ValueLayout.OfShort u16;
  private final ValueLayout.OfInt u32;
  private final ValueLayout.OfLong u64;
  private long position;

  /** A writer at the start of {@code out}. */
  public ElfWriter(MemorySegment out, ElfClass elfClass, ByteOrder order) {
    this.out = out;
    this.wide = elfClass == ElfClass.ELF64;
    this.u16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
    this.u32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
    this.u64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order);
  }

  /** The bytes written or skipped so far. */
  public long position() {
    return position;
  }

  /** Leaves {@code n} bytes as they are. */
  public ElfWriter skip(long n) {
    position += n;
    return this;
  }

  /** The low byte of {@code value}. */
  public ElfWriter u8(int value) {
    out.set(ValueLayout.JAVA_BYTE, position, (byte) value);
    return skip(1);
  }

  /** The low 16 bits of {@code value}. */
  public ElfWriter u16(int value) {
    out.set(u16, position, (short) value);
    return skip(2);
  }

  /** A 32-bit number. */
  public ElfWriter u32(int value) {
    out.set(u32, position, value);
    return skip(4);
  }

  /** A 64-bit number. */
  public ElfWriter u64(long value) {
    out.set(u64, position, value);
    return skip(8);
  }

  /** An address, offset or size of the class's width: 32 or 64 bits. */
  public ElfWriter word(long value) {
    return wide ? u64(value) : u32((int) value);
  }

  /** Raw bytes. */
  public ElfWriter bytes(byte[] value) {
    MemorySegment.copy(value, 0, out, ValueLayout.JAVA_BYTE, position, value.length);
    return skip(value.length);
  }

  /** An ELF header. */
  public ElfWriter header(ElfHeader header) {
    ident(header.ident());
    u16(header.type()).u16(header.machine()).u32(header.version());
    word(header.entry()).word(header.phoff()).word(header.shoff()).u32(header.flags());
    u16(header.ehsize()).u16(header.phentsize()).u16(header.phnum());
    return u16(header.shentsize()).u16(header.shnum()).u16(header.shstrndx());
  }

  private void ident(ElfIdent ident) {
    boolean little = ident.order() == ByteOrder.LITTLE_ENDIAN;
    u8(0x7f).u8('E').u8('L').u8('F').u8(ident.elfClass().code());
    u8(little ? ElfReader.ELFDATA2LSB : ElfReader.ELFDATA2MSB);
    u8(ident.version()).u8(ident.osAbi()).u8(ident.abiVersion());
    for (int shift = 48; shift >= 0; shift -= 8) {
      u8((int) (ident.padding() >>> shift));
    }
  }

  /** A program header. */
  public ElfWriter programHeader(ProgramHeader header) {
    if (!wide) {
      u32(header.type()).word(header.offset()).word(header.vaddr()).word(header.paddr());
      word(header.filesz()).word(header.memsz()).u32(header.flags());
      return word(header.align());
    }
    u32(header.type()).u32(header.flags()).u64(header.offset()).u64(header.vaddr());
    return u64(header.paddr()).u64(header.filesz()).u64(header.memsz()).u64(header.align());
  }
}
