package org.vmcore.arch.paging;

import java.nio.ByteOrder;

/**
 * The radix tree of ppc64, as Linux lays it out: big-endian entries, whatever the kernel's order.
 *
 * <pre>
 * bit 63      valid
 * bit 62      a page; a table where it is clear
 * bits 12-56  physical address of a page
 * bits 8-59   physical address of a table, bits 0-4 tell the size of it: 2^n entries
 * </pre>
 *
 * <p>Sources: Power ISA 3.1, book III, 6.7.10 "Radix Tree Translation"; asm/book3s/64/radix-4k.h
 * and radix-64k.h of arch/powerpc/include.
 */
public final class Ppc64Paging extends Paging {
  /** PAGE_OFFSET: the upper two bits choose the kernel's tree. */
  private static final long KERNEL = 0xc000_0000_0000_0000L;

  private static final int ROOT_BITS = 13;
  private static final int INDEX_BITS = 9;
  private static final int PMD_SHIFT = 21;
  private static final long VALID = 1L << 63;
  private static final long LEAF = 1L << 62;
  private static final long PAGE = 0x01ff_ffff_ffff_f000L;
  private static final long TABLE = 0x0fff_ffff_ffff_ff00L;
  private static final long TABLE_BITS = 0x1f;

  private static final Flag[] PAGE_FLAGS = {
    new Flag(0, "EXECUTE"),
    new Flag(1, "WRITE"),
    new Flag(2, "READ"),
    new Flag(3, "PRIVILEGED"),
    new Flag(4, "ATT1"),
    new Flag(5, "ATT0"),
    new Flag(7, "C"),
    new Flag(8, "R"),
    new Flag(62, "L"),
    new Flag(63, "V")
  };

  private static final Flag[] TABLE_FLAGS = {new Flag(63, "V")};

  /**
   * @param pageShift 12 or 16: pages of 4 or 64 KiB
   */
  public Ppc64Paging(int pageShift) {
    super(
        new TableShape(
            Long.BYTES, pageShift, PMD_SHIFT - pageShift, INDEX_BITS, INDEX_BITS, ROOT_BITS),
        ByteOrder.BIG_ENDIAN);
  }

  @Override
  public EntryKind kind(int level, long entry) {
    if ((entry & VALID) == 0) {
      return EntryKind.NOT_MAPPED;
    }
    if ((entry & LEAF) != 0) {
      return level < levels() - 1 ? EntryKind.PAGE : EntryKind.RESERVED;
    }
    boolean isTable = level > 0 && 1L << (entry & TABLE_BITS) == entries(level - 1);
    return isTable ? EntryKind.TABLE : EntryKind.RESERVED;
  }

  @Override
  public String flags(int level, long entry) {
    return flags(entry, (entry & LEAF) == 0 ? TABLE_FLAGS : PAGE_FLAGS);
  }

  @Override
  public long target(int level, long entry) {
    return (entry & LEAF) == 0 ? entry & TABLE : entry & PAGE & -(1L << shift(level));
  }

  @Override
  public Reach kernelReach() {
    return Reach.from(KERNEL, addressBits());
  }

  @Override
  public Reach taskReach() {
    return Reach.low(addressBits());
  }

  @Override
  public String toString() {
    return "ppc64 radix page tables of "
        + levels()
        + " levels, "
        + (pageSize() >> 10)
        + " KiB a page";
  }
}
