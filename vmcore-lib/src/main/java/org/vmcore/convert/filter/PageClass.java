package org.vmcore.convert.filter;

import org.vmcore.convert.level.DumpLevel;
import org.vmcore.convert.level.PageKind;

/**
 * What a struct page says of the page, as bits of one number: the kinds that it may be left out as,
 * the first of them the lowest bit, and how many pages go with it. 0 is a page that is always kept:
 * in use by the kernel, or the tail of a compound page, for which its head decides.
 */
final class PageClass {
  /** Free, with the pages of its order. */
  static final int FREE = 1;

  /** Free, by an order that there isn't: kept where free pages are left out. */
  static final int BROKEN_FREE = 1 << 1;

  static final int CACHE = 1 << 2;
  static final int PRIVATE_CACHE = 1 << 3;
  static final int USER = 1 << 4;
  static final int HWPOISON = 1 << 5;
  static final int OFFLINE = 1 << 6;

  private static final int FREE_ORDER = 8;
  private static final int COMPOUND_ORDER = 16;
  private static final int ORDER_MASK = 0xff;

  private PageClass() {}

  static int withFreeOrder(int order) {
    return order << FREE_ORDER;
  }

  static int withCompoundOrder(int order) {
    return order << COMPOUND_ORDER;
  }

  /** How many pages go with one that is left out as {@code bit}, it included. */
  static long pages(int pageClass, int bit) {
    int order = pageClass >>> (bit == FREE ? FREE_ORDER : COMPOUND_ORDER) & ORDER_MASK;
    return 1L << order;
  }

  /** The kind that {@code bit} stands for. */
  static PageKind kind(int bit) {
    return switch (bit) {
      case FREE -> PageKind.FREE;
      case CACHE -> PageKind.CACHE;
      case PRIVATE_CACHE -> PageKind.PRIVATE_CACHE;
      case USER -> PageKind.USER;
      case HWPOISON -> PageKind.HWPOISON;
      case OFFLINE -> PageKind.OFFLINE;
      default -> throw new IllegalArgumentException("no kind: " + bit);
    };
  }

  /** The bits of all kinds that {@code level} leaves out, besides those that every level does. */
  static int wanted(DumpLevel level) {
    int wanted = 0;
    for (int bit = FREE; bit < HWPOISON; bit <<= 1) {
      boolean isFree = bit == FREE || bit == BROKEN_FREE;
      if (level.excludes(isFree ? PageKind.FREE : kind(bit))) {
        wanted |= bit;
      }
    }
    return wanted;
  }
}
