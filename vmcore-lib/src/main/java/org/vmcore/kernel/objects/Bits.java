package org.vmcore.kernel.objects;

import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.memory.VmcoreException;

/** Bytes of the kernel's memory that are a number. */
final class Bits {
  private final byte[] bytes;
  private final boolean isBig;

  /** The {@code size} bytes at {@code address}, at most 9. */
  Bits(KernelReader in, long address, int size) throws VmcoreException {
    this.bytes = in.bytes(address, size, "number");
    this.isBig = in.isBigEndian();
  }

  /** {@code bytes} that were read. */
  Bits(byte[] bytes, boolean isBig) {
    this.bytes = bytes;
    this.isBig = isBig;
  }

  /** All of them. */
  long number(boolean isSigned) {
    long number = 0;
    for (int i = 0; i < bytes.length; i++) {
      number = number << 8 | (bytes[isBig ? i : bytes.length - 1 - i] & 0xff);
    }
    return extended(number, bytes.length * 8, isSigned);
  }

  /**
   * Some of their bits.
   *
   * @param shift where they begin: at the lowest bit of the first byte or, where that is the most
   *     significant one, at its highest
   */
  long number(int shift, int count, boolean isSigned) {
    long number = 0;
    for (int i = 0; i < count; i++) {
      int at = isBig ? shift + i : shift + count - 1 - i;
      int bit = isBig ? 7 - (at & 7) : at & 7;
      number = number << 1 | (bytes[at >> 3] >> bit & 1);
    }
    return extended(number, count, isSigned);
  }

  private static long extended(long number, int bits, boolean isSigned) {
    int unused = Long.SIZE - bits;
    return isSigned && bits > 0 ? number << unused >> unused : number;
  }
}
