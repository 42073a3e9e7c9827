package org.vmcore.arch.paging;

import org.vmcore.arch.paging.Paging.Flag;

/**
 * What the entries of all paging of x86 have in common.
 *
 * <pre>
 * bit 0       present
 * bit 7       PS: a large page, above the last level; PAT there
 * bit 8       of what isn't present: Linux' PROT_NONE, a page all the same
 * </pre>
 *
 * <p>Sources: Intel's Software Developer's Manual, volume 3, 5.3 to 5.5; Linux' asm/pgtable_types.h
 * and asm/pgtable-invert.h.
 */
final class X86Entry {
  private static final long PRESENT = 1;
  private static final long PAGE_SIZE = 1L << 7;
  private static final long PROT_NONE = 1L << 8;

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

  private X86Entry() {}

  /** Whether it isn't one of a table, but of a large page. */
  static boolean isLarge(int level, long entry) {
    return level > 0 && (entry & PAGE_SIZE) != 0;
  }

  /**
   * What {@code entry} is.
   *
   * @param isPage whether it is one of a page, if of anything
   * @param isReserved whether the CPU takes none that is present like it
   */
  static EntryKind kind(long entry, boolean isPage, boolean isReserved) {
    if ((entry & PRESENT) == 0) {
      return isPage && (entry & PROT_NONE) != 0 ? EntryKind.PAGE : EntryKind.NOT_MAPPED;
    }
    if (isReserved) {
      return EntryKind.RESERVED;
    }
    return isPage ? EntryKind.PAGE : EntryKind.TABLE;
  }

  /**
   * The bits of {@code entry} in {@code mask}. Those of PROT_NONE are kept inverted, before 4.18 as
   * they are: the highest one, that no memory reaches, tells.
   */
  static long address(long entry, long mask) {
    boolean isInverted = (entry & PRESENT) == 0 && (entry & Long.highestOneBit(mask)) != 0;
    return (isInverted ? ~entry : entry) & mask;
  }

  static String flags(int level, long entry) {
    return Paging.flags(entry, level == 0 ? LAST_LEVEL : FLAGS);
  }
}
