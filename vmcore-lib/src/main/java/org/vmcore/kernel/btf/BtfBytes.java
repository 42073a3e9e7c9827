package org.vmcore.kernel.btf;

/** Numbers in BTF. */
final class BtfBytes {
  private BtfBytes() {}

  static int uint16(byte[] bytes, int at, boolean isBigEndian) {
    int first = bytes[at] & 0xff;
    int second = bytes[at + 1] & 0xff;
    return isBigEndian ? first << 8 | second : second << 8 | first;
  }

  static int int32(byte[] bytes, int at, boolean isBigEndian) {
    int first = uint16(bytes, at, isBigEndian);
    int second = uint16(bytes, at + 2, isBigEndian);
    return isBigEndian ? first << 16 | second : second << 16 | first;
  }

  static long uint32(byte[] bytes, int at, boolean isBigEndian) {
    return int32(bytes, at, isBigEndian) & 0xffff_ffffL;
  }
}
