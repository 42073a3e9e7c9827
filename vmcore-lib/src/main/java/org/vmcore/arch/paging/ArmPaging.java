package org.vmcore.arch.paging;

import java.nio.ByteOrder;
import java.util.OptionalLong;

/**
 * The short descriptors of 32-bit arm, of kernels without LPAE: a table of 4096 entries of 4 bytes,
 * each for 1 MiB, and tables of 256.
 *
 * <pre>
 * first   bits 0-1    0 invalid, 1 a table, 2 and 3 a section
 *         bits 10-31  physical address of a table
 *         bit 18      of a section: a supersection, 16 MiB in 16 entries that are alike
 *         bits 20-31  physical address of a section
 *         bits 24-31  of a supersection; bits 20-23 are its bits 32-35, bits 5-8 its bits 36-39
 * second  bits 0-1    0 invalid, 1 a large page, 64 KiB in 16 entries that are alike, 2 and 3 a page
 *         bits 12-31  physical address, of a large page bits 16-31
 * </pre>
 *
 * <p>Of pages that weren't used of late, and those of PROT_NONE, the entry is 0. Linux has them in
 * tables of its own, since 2.6.38 2 KiB in front of these, in the lower half of a page:
 *
 * <pre>
 * Linux'  bit 0       present
 *         bit 1       young: used of late
 *         bit 6       dirty
 *         bit 7       read-only
 *         bit 8       user
 *         bit 9       XN
 *         bit 10      shared
 *         bit 11      PROT_NONE
 *         bits 12-31  physical address
 * </pre>
 *
 * <p>Earlier kernels have theirs behind the CPU's, which isn't read: the pages count as not mapped.
 *
 * <p>Sources: Arm's Architecture Reference Manual for ARMv7-A, B3.5 "Short-descriptor translation
 * table format"; for bits 36-39 its B3.5.1; Linux' asm/pgtable-2level.h.
 */
public final class ArmPaging extends Paging32 {
  private static final int PAGE_SHIFT = 12;
  private static final int LARGE_SHIFT = 16;
  private static final int SUPERSECTION_SHIFT = 24;
  private static final int TABLE_BITS = 8;
  private static final int ROOT_BITS = 12;
  private static final int LINUX_TABLE = 2048;
  private static final long LINUX_PRESENT = 1;

  /** Set by us in Linux' entries; no other has so many bits. */
  private static final long LINUX = 1L << Integer.SIZE;

  private static final long TYPE = 3;
  private static final long SUPERSECTION = 1L << 18;
  private static final long TABLE_ADDRESS = 0xffff_fc00L;
  private static final long PAGE_ADDRESS = 0xffff_f000L;
  private static final long LARGE_ADDRESS = 0xffff_0000L;
  private static final long SECTION_ADDRESS = 0xfff0_0000L;
  private static final long SUPERSECTION_ADDRESS = 0xff00_0000L;

  private static final Flag[] TABLE_FLAGS = {
    new Flag(0, "TABLE"), new Flag(2, "PXN"), new Flag(3, "NS")
  };

  private static final Flag[] SECTION_FLAGS = {
    new Flag(0, "PXN"),
    new Flag(1, "SECTION"),
    new Flag(2, "B"),
    new Flag(3, "C"),
    new Flag(4, "XN"),
    new Flag(10, "AP0"),
    new Flag(11, "AP1"),
    new Flag(15, "AP2"),
    new Flag(16, "S"),
    new Flag(17, "nG"),
    new Flag(18, "SUPER"),
    new Flag(19, "NS")
  };

  private static final Flag[] PAGE_FLAGS = {
    new Flag(0, "XN"),
    new Flag(1, "PAGE"),
    new Flag(2, "B"),
    new Flag(3, "C"),
    new Flag(4, "AP0"),
    new Flag(5, "AP1"),
    new Flag(9, "AP2"),
    new Flag(10, "S"),
    new Flag(11, "nG")
  };

  private static final Flag[] LINUX_FLAGS = {
    new Flag(Integer.SIZE, "LINUX"),
    new Flag(0, "PRESENT"),
    new Flag(1, "YOUNG"),
    new Flag(6, "DIRTY"),
    new Flag(7, "RDONLY"),
    new Flag(8, "USER"),
    new Flag(9, "XN"),
    new Flag(10, "SHARED"),
    new Flag(11, "NONE")
  };

  private static final Flag[] LARGE_FLAGS = {
    new Flag(0, "LARGE"),
    new Flag(2, "B"),
    new Flag(3, "C"),
    new Flag(4, "AP0"),
    new Flag(5, "AP1"),
    new Flag(9, "AP2"),
    new Flag(10, "S"),
    new Flag(11, "nG"),
    new Flag(15, "XN")
  };

  /**
   * @param kernelStart from which virtual address on they are the kernel's, its modules included
   * @param order of the entries: that of the kernel
   */
  public ArmPaging(long kernelStart, ByteOrder order) {
    super(new TableShape(Integer.BYTES, PAGE_SHIFT, TABLE_BITS, ROOT_BITS), order, kernelStart);
  }

  @Override
  public OptionalLong beside(int level, long table) {
    return level == 0 && (table & LINUX_TABLE) != 0
        ? OptionalLong.of(table - LINUX_TABLE)
        : OptionalLong.empty();
  }

  @Override
  public long chosen(long entry, long other) {
    return entry == 0 && (other & LINUX_PRESENT) != 0 ? other | LINUX : entry;
  }

  @Override
  public boolean isBeside(long entry) {
    return (entry & LINUX) != 0;
  }

  @Override
  public EntryKind kind(int level, long entry) {
    if (isBeside(entry)) {
      return EntryKind.PAGE;
    }
    long type = entry & TYPE;
    if (type == 0) {
      return EntryKind.NOT_MAPPED;
    }
    return level > 0 && type == 1 ? EntryKind.TABLE : EntryKind.PAGE;
  }

  @Override
  public String flags(int level, long entry) {
    if (isBeside(entry)) {
      return flags(entry, LINUX_FLAGS);
    }
    boolean first = (entry & TYPE) == 1;
    Flag[] known =
        level > 0 ? first ? TABLE_FLAGS : SECTION_FLAGS : first ? LARGE_FLAGS : PAGE_FLAGS;
    return flags(entry, known);
  }

  @Override
  public int pageShift(int level, long entry) {
    if (level > 0) {
      return (entry & SUPERSECTION) != 0 ? SUPERSECTION_SHIFT : shift(level);
    }
    return isLargePage(entry) ? LARGE_SHIFT : PAGE_SHIFT;
  }

  private boolean isLargePage(long entry) {
    return !isBeside(entry) && (entry & TYPE) == 1;
  }

  @Override
  public long target(int level, long entry) {
    if (level == 0) {
      return entry & (isLargePage(entry) ? LARGE_ADDRESS : PAGE_ADDRESS);
    }
    if ((entry & TYPE) == 1) {
      return entry & TABLE_ADDRESS;
    }
    return (entry & SUPERSECTION) == 0
        ? entry & SECTION_ADDRESS
        : (entry & SUPERSECTION_ADDRESS) | (entry >>> 20 & 0xf) << 32 | (entry >>> 5 & 0xf) << 36;
  }

  @Override
  public String toString() {
    return "arm page tables of " + levels() + " levels";
  }
}
