package org.vmcore.values;

/** Compares unsigned numbers: addresses and sizes. */
public final class Unsigned {
  private Unsigned() {}

  /** The lesser of the two. */
  public static long min(long a, long b) {
    return Long.compareUnsigned(a, b) < 0 ? a : b;
  }

  /** The greater of the two. */
  public static long max(long a, long b) {
    return Long.compareUnsigned(a, b) > 0 ? a : b;
  }
}
