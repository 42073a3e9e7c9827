package org.vmcore.debuginfo.dwarf;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes of a DWARF section that grow at their end, in one byte order. */
final class DwarfBuffer {
  private static final int FIRST = 1 << 12;

  private final boolean isBigEndian;
  private byte[] bytes;
  private int size;

  DwarfBuffer(boolean isBigEndian) {
    this(isBigEndian, FIRST);
  }

  /** With room for {@code expected} bytes before it grows. */
  DwarfBuffer(boolean isBigEndian, int expected) {
    this.isBigEndian = isBigEndian;
    this.bytes = new byte[expected];
  }

  /** Where the next byte is put. */
  int size() {
    return size;
  }

  private int room(int more) {
    int at = size;
    if (bytes.length - at < more) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.multiplyExact(bytes.length, 2), at + more));
    }
    size = at + more;
    return at;
  }

  void u8(int value) {
    int at = room(1); // before the array is looked at, which may be another one then
    bytes[at] = (byte) value;
  }

  void u16(int value) {
    int at = room(2);
    bytes[at + (isBigEndian ? 1 : 0)] = (byte) value;
    bytes[at + (isBigEndian ? 0 : 1)] = (byte) (value >>> 8);
  }

  void u32(int value) {
    put32(room(4), value);
  }

  /** Writes over the 4 bytes at {@code at}. */
  void put32(int at, int value) {
    if (isBigEndian) {
      bytes[at] = (byte) (value >>> 24);
      bytes[at + 1] = (byte) (value >>> 16);
      bytes[at + 2] = (byte) (value >>> 8);
      bytes[at + 3] = (byte) value;
    } else {
      bytes[at] = (byte) value;
      bytes[at + 1] = (byte) (value >>> 8);
      bytes[at + 2] = (byte) (value >>> 16);
      bytes[at + 3] = (byte) (value >>> 24);
    }
  }

  /** The 4 bytes at {@code at}. */
  int get32(int at) {
    int first = bytes[at] & 0xff;
    int second = bytes[at + 1] & 0xff;
    int third = bytes[at + 2] & 0xff;
    int last = bytes[at + 3] & 0xff;
    return isBigEndian
        ? first << 24 | second << 16 | third << 8 | last
        : last << 24 | third << 16 | second << 8 | first;
  }

  void u64(long value) {
    u32((int) (isBigEndian ? value >>> 32 : value));
    u32((int) (isBigEndian ? value : value >>> 32));
  }

  /** An unsigned LEB128. */
  void uleb(long value) {
    long rest = value;
    while (rest >>> 7 != 0) {
      u8((int) rest | 0x80);
      rest >>>= 7;
    }
    u8((int) rest);
  }

  /** A signed LEB128. */
  void sleb(long value) {
    long rest = value;
    while (rest < -0x40 || rest >= 0x40) {
      u8(((int) rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    u8((int) rest & 0x7f);
  }

  /** {@code text} and a NUL. */
  void string(String text) {
    byte[] each = text.getBytes(StandardCharsets.UTF_8);
    int at = room(each.length);
    System.arraycopy(each, 0, bytes, at, each.length);
    u8(0);
  }

  /** All that was written, from the position to the limit; nothing is copied. */
  ByteBuffer toBuffer() {
    return ByteBuffer.wrap(bytes, 0, size);
  }

  byte[] toArray() {
    return Arrays.copyOf(bytes, size);
  }
}
