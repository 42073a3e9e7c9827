package org.vmcore.arch.paging;

import java.nio.ByteOrder;

/**
 * 4-level and 5-level paging of x86_64.
 *
 * <pre>
 * bit 7       PS: a page of 2 MiB (PMD) or 1 GiB (PUD); reserved above
 * bits 12-51  physical address; of a large page the bits below its size are reserved but for 12, PAT
 * </pre>
 *
 * <p>Sources: Intel's Software Developer's Manual, volume 3, 5.5 "4-Level Paging and 5-Level
 * Paging". What all paging of x86 has in common tells {@link X86Entry}.
 */
public final class X86Paging extends Paging {
  private static final int PAGE_SHIFT = 12;
  private static final long PAT_LARGE = 1L << 12;
  private static final int PUD = 2;
  private static final long ADDRESS = 0x000f_ffff_ffff_f000L;

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
    boolean isLarge = X86Entry.isLarge(level, entry);
    boolean isPage = level == 0 || (isLarge && level <= PUD);
    boolean isAddressed = (entry & addressMask & inPage(level) & ~PAT_LARGE) != 0;
    return X86Entry.kind(entry, isPage, isLarge && (level > PUD || isAddressed));
  }

  private long inPage(int level) {
    return (1L << shift(level)) - 1;
  }

  @Override
  public String flags(int level, long entry) {
    return X86Entry.flags(level, entry);
  }

  @Override
  public long target(int level, long entry) {
    long address = X86Entry.address(entry, addressMask);
    boolean isLarge = level <= PUD && X86Entry.isLarge(level, entry);
    return isLarge ? address & ~inPage(level) : address;
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
