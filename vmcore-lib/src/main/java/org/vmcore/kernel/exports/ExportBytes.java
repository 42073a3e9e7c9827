package org.vmcore.kernel.exports;

import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.memory.VmcoreException;

/** A part of the kernel's image: tables of exported symbols, and behind them their names. */
final class ExportBytes {
  /** Several times what the tables of the largest kernels take, in bytes. */
  private static final int BEFORE = 2 << 20;

  private static final int BEHIND = 1 << 20;

  /** The longest name is 511 characters: KSYM_NAME_LEN. */
  private static final int MAX_NAME = 512;

  private final KernelReader in;
  private final byte[] bytes;
  private final long start;

  private ExportBytes(KernelReader in, byte[] bytes, long start) {
    this.in = in;
    this.bytes = bytes;
    this.start = start;
  }

  /** What lies in front of the name at {@code name} and behind it, as far as it can be read. */
  static ExportBytes around(KernelReader in, long name) throws VmcoreException {
    long middle = name & -Long.BYTES;
    byte[] before = in.before(middle, BEFORE);
    byte[] behind = in.upTo(middle, BEHIND);
    byte[] all = new byte[before.length + behind.length];
    System.arraycopy(before, 0, all, 0, before.length);
    System.arraycopy(behind, 0, all, before.length, behind.length);
    return new ExportBytes(in, all, middle - before.length);
  }

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return bytes.length;
  }

  int wordSize() {
    return in.wordSize();
  }

  /** The address of the byte at {@code at}. */
  long address(int at) {
    return start + at;
  }

  /** Where the byte at {@code address} is; −1 when it isn't here. */
  int at(long address) {
    long at = address - start;
    return at >= 0 && at < bytes.length ? (int) at : -1;
  }

  /** An address, as long as a word is. */
  long truncated(long address) {
    return in.wordSize() == Long.BYTES ? address : address & 0xffff_ffffL;
  }

  int int32(int at) {
    return in.int32(bytes, at);
  }

  long word(int at) {
    return in.word(bytes, at);
  }

  /** How long the name at {@code at} is; 0: there is none. */
  int nameLength(int at) {
    int end = at;
    while (end < bytes.length && end - at < MAX_NAME && isOfName(bytes[end])) {
      end++;
    }
    return end < bytes.length && bytes[end] == 0 ? end - at : 0;
  }

  private static boolean isOfName(byte c) {
    return c == '_' || c == '.' || c == '$' || isAlphanumeric(c);
  }

  private static boolean isAlphanumeric(byte c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  /** Whether the name at {@code first} comes before the one at {@code second}. */
  boolean ascends(int first, int second) {
    int i = 0;
    while (bytes[first + i] != 0 && bytes[first + i] == bytes[second + i]) {
      i++;
    }
    return (bytes[first + i] & 0xff) < (bytes[second + i] & 0xff);
  }
}
