package org.vmcore.convert.pages;

import java.util.Arrays;

/** Tells zeros in arrays. */
public final class ZeroBytes {
  private static final int SIZE = 1 << 16;
  private static final byte[] ZEROS = new byte[SIZE];

  private ZeroBytes() {}

  /** Whether the {@code size} bytes at {@code from} are all zeros. */
  public static boolean isZero(byte[] bytes, int from, int size) {
    if (size == 0) {
      return true;
    }
    // Most pages that aren't zeros show it at once, and the intrinsic costs a call.
    if (bytes[from] != 0) {
      return false;
    }
    for (int done = 0; done < size; done += SIZE) {
      int n = Math.min(SIZE, size - done);
      int at = from + done;
      if (!Arrays.equals(bytes, at, at + n, ZEROS, 0, n)) {
        return false;
      }
    }
    return true;
  }
}
