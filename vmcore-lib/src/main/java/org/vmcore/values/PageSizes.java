package org.vmcore.values;

/** Sizes of pages, in bytes. */
public final class PageSizes {
  /** What a dump has that doesn't tell, and the smallest there is. */
  public static final long DEFAULT = 4096;

  private static final long MAX = 1 << 20;

  private PageSizes() {}

  /** Whether {@code size} can be a page size: a power of two from 4 KiB to 1 MiB. */
  public static boolean isValid(long size) {
    return size >= DEFAULT && size <= MAX && Long.bitCount(size) == 1;
  }
}
