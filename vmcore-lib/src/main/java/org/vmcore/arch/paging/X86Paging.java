package org.vmcore.arch.paging;

import java.nio.ByteOrder;

/**
 * 4-level and 5-level paging of x86_64.
 *
 * <pre>
 * bit 0       present
 * bit 7       PS: a page of 2 MiB (PMD) or 1 GiB (PUD); PAT in a PTE; reserved above
 * bits 12-51  physical address; of a large page the bits below its size are reserved but for 12, PAT
 * </pre>
 *
 * <p>Sources: Intel's Software Developer's Manual, volume 3, 5.5 "4-Level Paging and 5-Level
 * Paging"; for PROT_NONE Linux' asm/pgtable_64.h and asm/pgtable-invert.h.
 */
public final class X86Paging extends Paging {
  private static final int PAGE_SHIFT = 12;
  private static final long PRESENT = 1;
  private static final long PAGE_SIZE_BIT = 1L << 7;

  /** Not present to the CPU. */
  private static final long PROT_NONE = 1L << 8;

  private static final long PAT_LARGE = 1L << 12;
  private static final int PMD = 1;
  private static final int PUD = 2;
  private static final long ADDRESS = 0x000f_ffff_ffff_f000L;

  private static final Flag[] FLAGS = {
    new Flag(0, "P"),
    new Flag(1, "RW"),
    new Flag(2, "US"),
    new Flag(3, "PWT"),
    new Flag(4, "PCD"),
    new Flag(5, "A"),
    new Flag(6, "D"),
    new Flag(7, "PS"),
    new Flag(8, "G"),
    new Flag(63, "XD")
  };

  private static final Flag[] LAST_LEVEL = FLAGS.clone();

  static {
    LAST_LEVEL[7] = new Flag(7, "PAT");
  }

  private final long addressMask;
  private final Reach reach;

  /**
   * @param levels 4 or 5
   * @param smeMask the bits of an entry that tell AMD's memory encryption and are no part of the
   *     address: NUMBER(sme_mask); 0 without it
   */
  public X86Paging(int levels, long smeMask) {
    super(
        TableShape.ofPages(PAGE_SHIFT, requireLevels(levels), levels == 5 ? 57 : 48),
        ByteOrder.LITTLE_ENDIAN);
    this.addressMask = ADDRESS & ~smeMask;
    this.reach = Reach.both(levels == 5 ? 56 : 47);
  }

  private static int requireLevels(int levels) {
    if (levels != 4 && levels != 5) {
      throw new IllegalArgumentException("levels: " + levels);
    }
    return levels;
  }

  @Override
  public EntryKind kind(int level, long entry) {
    boolean large = level > 0 && (entry & PAGE_SIZE_BIT) != 0;
    if ((entry & PRESENT) == 0) {
      boolean page = level == 0 || (large && level <= PUD);
      return page && (entry & PROT_NONE) != 0 ? EntryKind.PAGE : EntryKind.NOT_MAPPED;
    }
    if (level == 0) {
      return EntryKind.PAGE;
    }
    if (!large) {
      return EntryKind.TABLE;
    }
    boolean reserved = level > PUD || (entry & addressMask & inPage(level) & ~PAT_LARGE) != 0;
    return reserved ? EntryKind.RESERVED : EntryKind.PAGE;
  }

  private long inPage(int level) {
    return (1L << shift(level)) - 1;
  }

  @Override
  public String flags(int level, long entry) {
    return flagNames(level, entry);
  }

  /** The same of any paging of x86, by the bits that all have. */
  static String flagNames(int level, long entry) {
    return flags(entry, level == 0 ? LAST_LEVEL : FLAGS);
  }

  /**
   * The address of PROT_NONE is kept with its bits inverted, before 4.18 as it is: the highest bit
   * that no memory reaches tells.
   */
  @Override
  public long target(int level, long entry) {
    boolean inverted = (entry & PRESENT) == 0 && (entry & Long.highestOneBit(addressMask)) != 0;
    long address = (inverted ? ~entry : entry) & addressMask;
    boolean large = (level == PMD || level == PUD) && (entry & PAGE_SIZE_BIT) != 0;
    return large ? address & ~inPage(level) : address;
  }

  @Override
  public Reach kernelReach() {
    return reach;
  }

  @Override
  public Reach taskReach() {
    return reach;
  }

  @Override
  public String toString() {
    return "x86_64 page tables of " + levels() + " levels";
  }
}
