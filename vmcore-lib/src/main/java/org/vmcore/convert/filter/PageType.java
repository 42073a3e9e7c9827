package org.vmcore.convert.filter;

import java.util.OptionalInt;

/** A page type to compare with: all 32 bits or, since 6.12, the top byte alone. */
record PageType(int mask, int value) {
  private static final int TOP_BYTE = 0xff00_0000;

  /** No page is of it. */
  static final PageType NONE = new PageType(0, 1);

  /**
   * The type that {@code value} stands for: what is in the low bits of a type in the top byte is
   * the owner's.
   */
  static PageType of(OptionalInt value) {
    if (value.isEmpty()) {
      return NONE;
    }
    int known = value.getAsInt();
    return new PageType((known & ~TOP_BYTE) == 0 ? TOP_BYTE : -1, known);
  }

  boolean is(int mapcount) {
    return (mapcount & mask) == value;
  }
}
