package org.vmcore.arch.paging;

import java.nio.ByteOrder;

/**
 * The long descriptors of 32-bit arm, of kernels with LPAE: three levels of entries of 8 bytes, of
 * which the topmost has four.
 *
 * <pre>
 * bit 0       valid
 * bit 1       a table, at the last level a page; when clear a block, at the last level reserved
 * bits 12-39  physical address; of a block of 2 MiB (PMD) or 1 GiB (PGD) from its size on
 * </pre>
 *
 * <p>Sources: Arm's Architecture Reference Manual for ARMv7-A, B3.6 "Long-descriptor translation
 * table format"; for PROT_NONE, of which bit 0 is clear and bit 57 set, Linux' asm/pgtable-3level.h
 * and {@code cpu_v7_set_pte_ext} of arch/arm/mm/proc-v7-3level.S.
 */
public final class ArmLpaePaging extends Paging32 {
  private static final int PAGE_SHIFT = 12;
  private static final int BITS = 9;
  private static final int ROOT_BITS = 2;
  private static final long VALID = 1;
  private static final long TABLE = 2;
  private static final long PROT_NONE = 1L << 57;
  private static final long ADDRESS = 0x00ff_ffff_f000L;

  private static final Flag[] PAGE_FLAGS = {
    new Flag(0, "VALID"),
    new Flag(5, "NS"),
    new Flag(6, "AP1"),
    new Flag(7, "AP2"),
    new Flag(10, "AF"),
    new Flag(11, "nG"),
    new Flag(52, "CONT"),
    new Flag(53, "PXN"),
    new Flag(54, "XN")
  };

  private static final Flag[] TABLE_FLAGS = {
    new Flag(0, "VALID"),
    new Flag(1, "TABLE"),
    new Flag(59, "PXNTable"),
    new Flag(60, "XNTable"),
    new Flag(61, "APTable0"),
    new Flag(62, "APTable1"),
    new Flag(63, "NSTable")
  };

  /**
   * @param kernelStart from which virtual address on they are the kernel's, its modules included
   * @param order of the entries: that of the kernel
   */
  public ArmLpaePaging(long kernelStart, ByteOrder order) {
    super(new TableShape(Long.BYTES, PAGE_SHIFT, BITS, BITS, ROOT_BITS), order, kernelStart);
  }

  @Override
  public EntryKind kind(int level, long entry) {
    boolean table = (entry & TABLE) != 0;
    if ((entry & VALID) == 0) {
      boolean none = level == 0 && table && (entry & PROT_NONE) != 0;
      return none ? EntryKind.PAGE : EntryKind.NOT_MAPPED;
    }
    if (level == 0) {
      return table ? EntryKind.PAGE : EntryKind.RESERVED;
    }
    return table ? EntryKind.TABLE : EntryKind.PAGE;
  }

  @Override
  public String flags(int level, long entry) {
    return flags(entry, kind(level, entry) == EntryKind.TABLE ? TABLE_FLAGS : PAGE_FLAGS);
  }

  @Override
  public long target(int level, long entry) {
    boolean block = level > 0 && (entry & TABLE) == 0;
    return entry & ADDRESS & (block ? -(1L << shift(level)) : -1);
  }

  @Override
  public String toString() {
    return "arm page tables of " + levels() + " levels (LPAE)";
  }
}
