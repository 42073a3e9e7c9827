package org.vmcore.format.foreign;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.VmcoreException;

/**
 * Bytes at one place of a file that tell its kind.
 *
 * @param offset the file offset in bytes
 * @param magic the bytes, a character each
 * @param what the kind of file
 * @param advice what makes something of it that opens
 */
record Signature(long offset, String magic, String what, String advice) {
  /** A file that begins with {@code magic}. */
  static Signature start(String magic, String what, String advice) {
    return new Signature(0, magic, what, advice);
  }

  /** The bytes of {@code value} in {@code order}. */
  static String u32(int value, ByteOrder order) {
    return bytes(Integer.toUnsignedLong(value), Integer.BYTES, order);
  }

  /** The bytes of {@code value} in {@code order}. */
  static String u64(long value, ByteOrder order) {
    return bytes(value, Long.BYTES, order);
  }

  private static String bytes(long value, int size, ByteOrder order) {
    StringBuilder bytes = new StringBuilder(size);
    for (int i = 0; i < size; i++) {
      int at = order == ByteOrder.LITTLE_ENDIAN ? i : size - 1 - i;
      bytes.append((char) ((value >>> (8 * at)) & 0xff));
    }
    return bytes.toString();
  }

  /** Whether the bytes stand in {@code file}. */
  boolean isIn(ByteSource file) throws VmcoreException {
    byte[] there = new byte[magic.length()];
    return file.read(offset, MemorySegment.ofArray(there)) == there.length
        && new String(there, StandardCharsets.ISO_8859_1).equals(magic);
  }
}
