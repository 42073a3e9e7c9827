package org.vmcore.io;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.vmcore.memory.VmcoreException;

/**
 * Reads numbers and text from bytes of a file, one after the other.
 *
 * <p>A read that would pass the end throws a {@link VmcoreException} with file and offset, and
 * leaves the cursor where it was.
 */
public final class Cursor {
  private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED;

  private final String file;
  private final long base;
  private final MemorySegment bytes;
  private final boolean swap;
  private long position;

  private Cursor(String file, long base, MemorySegment bytes, ByteOrder order) {
    this.file = file;
    this.base = base;
    this.bytes = bytes;
    this.swap = order != ByteOrder.nativeOrder();
  }

  /**
   * A cursor at the first of {@code bytes}.
   *
   * @param file named in errors
   * @param base the offset in {@code file} of the first of {@code bytes}
   */
  public static Cursor of(String file, long base, MemorySegment bytes, ByteOrder order) {
    return new Cursor(file, base, bytes, order);
  }

  /** The bytes read or skipped so far. */
  public long position() {
    return position;
  }

  /** The bytes that are left. */
  public long remaining() {
    return bytes.byteSize() - position;
  }

  /** An unsigned byte. */
  public int u8(String field) throws VmcoreException {
    return bytes.get(ValueLayout.JAVA_BYTE, advance(1, field)) & 0xff;
  }

  /** An unsigned 16-bit number. */
  public int u16(String field) throws VmcoreException {
    short value = bytes.get(U16, advance(2, field));
    return (swap ? Short.reverseBytes(value) : value) & 0xffff;
  }

  /** A 32-bit number, as the {@code int} of the same bits. */
  public int s32(String field) throws VmcoreException {
    int value = bytes.get(U32, advance(4, field));
    return swap ? Integer.reverseBytes(value) : value;
  }

  /** An unsigned 32-bit number. */
  public long u32(String field) throws VmcoreException {
    return s32(field) & 0xffff_ffffL;
  }

  /** A 64-bit number, as the {@code long} of the same bits. */
  public long u64(String field) throws VmcoreException {
    long value = bytes.get(U64, advance(8, field));
    return swap ? Long.reverseBytes(value) : value;
  }

  /** Text of {@code length} bytes up to its first NUL, each byte one character. */
  public String text(int length, String field) throws VmcoreException {
    byte[] raw = new byte[length];
    MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, advance(length, field), raw, 0, length);
    int end = 0;
    while (end < length && raw[end] != 0) {
      end++;
    }
    return new String(raw, 0, end, StandardCharsets.ISO_8859_1);
  }

  /** Passes over {@code n} bytes. */
  public Cursor skip(long n, String field) throws VmcoreException {
    advance(n, field);
    return this;
  }

  private long advance(long n, String field) throws VmcoreException {
    if (n < 0 || n > remaining()) {
      throw VmcoreException.at(
          file, base + position, field + ": read past the end (" + remaining() + " bytes left)");
    }
    long at = position;
    position += n;
    return at;
  }
}
