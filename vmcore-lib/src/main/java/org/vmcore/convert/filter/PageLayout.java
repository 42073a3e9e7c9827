package org.vmcore.convert.filter;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What is known of a kernel's struct page: places in bytes, flags as masks.
 *
 * @param size of one
 * @param head of compound_head or, since 7.1, compound_info: bit 0 marks a tail
 * @param swapMask PG_swapcache and PG_swapbacked: both are set of a page in the swap cache
 * @param slabMask PG_slab, where that is a flag; else 0
 * @param poisonMask PG_hwpoison; 0 where the kernel doesn't know broken memory
 * @param headMask PG_head
 * @param types the page types
 * @param compound where a compound page's order is
 * @param freeOrders how many orders free pages have: MAX_ORDER and one more
 */
record PageLayout(
    int size,
    int flags,
    int mapping,
    int mapcount,
    int priv,
    int head,
    long lruMask,
    long privateMask,
    long swapMask,
    long slabMask,
    long poisonMask,
    long headMask,
    Types types,
    Compound compound,
    long freeOrders) {

  /**
   * What {@code _mapcount} holds in place of a count, of pages of a type.
   *
   * @param slab empty where slabs have a flag
   */
  record Types(
      OptionalInt buddy,
      OptionalInt slab,
      OptionalInt offline,
      OptionalInt hugetlb,
      OptionalInt unaccepted) {}

  /**
   * What the second struct page of a compound page tells.
   *
   * @param order the place of a byte in it
   * @param dtor the place of a byte in it, the number of a destructor; −1 where there is none
   * @param hugetlbDtor the number of hugetlb's
   * @param hugetlbMask a flag of hugetlb's in the second struct page's flags; 0 where there is none
   */
  record Compound(int order, int dtor, OptionalLong hugetlbDtor, long hugetlbMask) {}
}
