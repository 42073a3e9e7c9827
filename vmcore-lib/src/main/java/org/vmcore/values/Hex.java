package org.vmcore.values;

/** Numbers as messages and output write addresses, offsets and sizes: {@code 0x1f000}. */
public final class Hex {
  private Hex() {}

  /** {@code value} as an unsigned number of 64 bits. */
  public static String of(long value) {
    return "0x" + Long.toHexString(value);
  }

  /** {@code value} as an unsigned number of 32 bits. */
  public static String of(int value) {
    return "0x" + Integer.toHexString(value);
  }
}
