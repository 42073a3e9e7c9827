package org.vmcore.kernel.reading;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.vmcore.Vmcore;
import org.vmcore.arch.KernelMachine;
import org.vmcore.arch.Machine;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * Numbers and bytes at kernel virtual addresses.
 *
 * <p>What can't be read is a {@link VmcoreException} that names the field, the address and why.
 */
public final class KernelReader {
  private static final int LARGEST_PIECE = 64 << 10;

  private final String file;
  private final Memory memory;
  private final boolean bigEndian;
  private final int wordSize;

  /**
   * Reads {@code memory}.
   *
   * @param file named in errors
   * @param bits of a pointer: 32 or 64
   */
  public KernelReader(String file, Memory memory, ByteOrder order, int bits) {
    this.file = file;
    this.memory = memory;
    this.bigEndian = order == ByteOrder.BIG_ENDIAN;
    this.wordSize = bits / 8;
  }

  /** Reads {@code memory} of the kernel of {@code vmcore} that describes itself as {@code info}. */
  public static KernelReader of(Vmcore vmcore, Memory memory, Optional<VmcoreInfo> info) {
    Machine machine = KernelMachine.of(vmcore.header(), vmcore.notes(), info).machine();
    ByteOrder order = KernelMachine.order(vmcore.header(), info);
    return new KernelReader(vmcore.name(), memory, order, machine.bits());
  }

  /** The same kernel's numbers and bytes, read from another memory. */
  public KernelReader over(Memory other) {
    return new KernelReader(
        file, other, bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN, wordSize * 8);
  }

  public String file() {
    return file;
  }

  public Memory memory() {
    return memory;
  }

  public boolean isBigEndian() {
    return bigEndian;
  }

  /** The size of a pointer and of the kernel's {@code unsigned long} in bytes. */
  public int wordSize() {
    return wordSize;
  }

  /** A pointer, or an {@code unsigned long}. */
  public long word(long address, String field) throws VmcoreException {
    return word(bytes(address, wordSize, field), 0);
  }

  /** An unsigned 32-bit number. */
  public long u32(long address, String field) throws VmcoreException {
    return int32(bytes(address, 4, field), 0) & 0xffff_ffffL;
  }

  /** {@code size} bytes. */
  public byte[] bytes(long address, int size, String field) throws VmcoreException {
    byte[] bytes = size > LARGEST_PIECE ? large(address, size) : upTo(address, size);
    if (bytes.length < size) {
      throw unreadable(address + bytes.length, field);
    }
    return bytes;
  }

  /** Where the last byte is there the others are, or most of them: room is made for all at once. */
  private byte[] large(long address, int size) throws VmcoreException {
    if (memory.read(address + size - 1, MemorySegment.ofArray(new byte[1])) == 0) {
      return upTo(address, size);
    }
    byte[] bytes = new byte[size];
    int got = (int) memory.read(address, MemorySegment.ofArray(bytes));
    return got == size ? bytes : Arrays.copyOf(bytes, got);
  }

  /** As many of {@code most} bytes as can be read; no more memory is taken than twice these. */
  public byte[] upTo(long address, int most) throws VmcoreException {
    byte[] bytes = new byte[Math.min(most, LARGEST_PIECE)];
    int got = (int) memory.read(address, MemorySegment.ofArray(bytes));
    while (got == bytes.length && got < most) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(most, 2L * got));
      got += (int) memory.read(address + got, MemorySegment.ofArray(bytes).asSlice(got));
    }
    return got == bytes.length ? bytes : Arrays.copyOf(bytes, got);
  }

  /**
   * As many of {@code most} bytes in front of {@code end} as can be read.
   *
   * @param most a multiple of 64 KiB; what is returned is a multiple of 4 bytes
   */
  public byte[] before(long end, int most) throws VmcoreException {
    byte[] bytes = new byte[most];
    int from = most;
    for (int piece = LARGEST_PIECE; from > 0 && piece >= Integer.BYTES; ) {
      MemorySegment dst = MemorySegment.ofArray(bytes).asSlice(from - piece, piece);
      if (memory.read(end - most + from - piece, dst) == piece) {
        from -= piece;
      } else {
        piece /= 2;
      }
    }
    return from == 0 ? bytes : Arrays.copyOfRange(bytes, from, most);
  }

  /** Text up to its NUL, at most {@code most} bytes, each byte one character. */
  public String text(long address, int most) throws VmcoreException {
    byte[] bytes = upTo(address, most);
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
  }

  /** The fault of a field whose byte at {@code address} can't be read. */
  public Unreadable unreadable(long address, String field) throws VmcoreException {
    PageState state = memory.extentAt(address).state();
    return new Unreadable(file, reason(address, field, why(memory, address)), state);
  }

  /** A fault of a field at {@code address}. */
  public VmcoreException fault(long address, String field, String reason) {
    return VmcoreException.of(file, reason(address, field, reason));
  }

  public static String reason(long address, String field, String reason) {
    return field + " at " + Hex.of(address) + ": " + reason;
  }

  /** Why the byte of {@code memory} at {@code address} can't be read. */
  public static String why(Memory memory, long address) throws VmcoreException {
    return switch (memory.extentAt(address).state()) {
      case PRESENT -> "can't be read";
      case EXCLUDED -> "excluded from the dump";
      case LOST -> "lost";
      case NOT_RAM -> memory.absenceAt(address);
    };
  }

  /** The word at {@code at} of {@code bytes}. */
  public long word(byte[] bytes, int at) {
    return wordSize == 8 ? int64(bytes, at) : int32(bytes, at) & 0xffff_ffffL;
  }

  public long int64(byte[] bytes, int at) {
    long first = int32(bytes, at);
    long second = int32(bytes, at + 4);
    return bigEndian
        ? first << 32 | (second & 0xffff_ffffL)
        : second << 32 | (first & 0xffff_ffffL);
  }

  public int int32(byte[] bytes, int at) {
    int first = uint16(bytes, at);
    int second = uint16(bytes, at + 2);
    return bigEndian ? first << 16 | second : second << 16 | first;
  }

  public int uint16(byte[] bytes, int at) {
    int first = bytes[at] & 0xff;
    int second = bytes[at + 1] & 0xff;
    return bigEndian ? first << 8 | second : second << 8 | first;
  }
}
