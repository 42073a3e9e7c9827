package org.vmcore.kernel.btf;

import java.util.Optional;

/**
 * Where the parts of BTF lie, in bytes from its start: struct btf_header.
 *
 * <p>Source: include/uapi/linux/btf.h.
 *
 * @param isBigEndian the byte order of all that follows
 */
record BtfHeader(boolean isBigEndian, int types, int typesSize, int strings, int stringsSize) {
  /** The least that a header has: up to and with str_len. */
  static final int SIZE = 24;

  static final int MAGIC = 0xeb9f;

  /** Several times what the largest kernels have. */
  static final int MAX_SIZE = 64 << 20;

  private static final int VERSION = 1;
  private static final int MAX_HEADER = 256;

  /** The header at {@code at} of {@code bytes}; empty when there is none. */
  static Optional<BtfHeader> at(byte[] bytes, int at) {
    if (bytes.length - at < SIZE || bytes[at + 2] != VERSION) {
      return Optional.empty();
    }
    boolean isBig = BtfBytes.uint16(bytes, at, true) == MAGIC;
    if (!isBig && BtfBytes.uint16(bytes, at, false) != MAGIC) {
      return Optional.empty();
    }
    long length = BtfBytes.uint32(bytes, at + 4, isBig);
    long types = length + BtfBytes.uint32(bytes, at + 8, isBig);
    long typesSize = BtfBytes.uint32(bytes, at + 12, isBig);
    long strings = length + BtfBytes.uint32(bytes, at + 16, isBig);
    long stringsSize = BtfBytes.uint32(bytes, at + 20, isBig);
    boolean fits =
        length >= SIZE
            && length <= MAX_HEADER
            && (types & 3) == 0
            && types + typesSize <= MAX_SIZE
            && strings + stringsSize <= MAX_SIZE;
    return fits
        ? Optional.of(
            new BtfHeader(isBig, (int) types, (int) typesSize, (int) strings, (int) stringsSize))
        : Optional.empty();
  }

  /** The size of the whole in bytes, as far as this header tells. */
  int size() {
    return Math.max(types + typesSize, strings + stringsSize);
  }
}
