package org.vmcore.arch.paging;

import java.nio.ByteOrder;

/**
 * The page tables of riscv64: Sv39, Sv48 and Sv57.
 *
 * <pre>
 * bit 0       valid
 * bits 1-3    readable, writable, executable; a table where none is set
 * bits 10-53  physical page number
 * bit 63      with a page number that ends with 0b1000, one of 16 entries that map 64 KiB (Svnapot)
 * </pre>
 *
 * <p>T-Head's CPUs have attributes of their own in bits 59 to 63, so those reserve nothing.
 *
 * <p>Sources: The RISC-V Instruction Set Manual, volume II, "Sv39: Page-Based 39-bit Virtual-Memory
 * System" and "Svnapot"; {@code PAGE_NONE} of arch/riscv/include/asm/pgtable.h.
 */
public final class Riscv64Paging extends Paging {
  private static final int PAGE_SHIFT = 12;
  private static final int INDEX_BITS = 9;
  private static final int PPN_SHIFT = 10;
  private static final long PPN = (1L << 44) - 1;
  private static final long VALID = 1;
  private static final long READ = 1 << 1;
  private static final long LEAF = 0b1110;

  /** Not valid to the CPU; with {@link #READ} the kernel keeps a page of PROT_NONE. */
  private static final long PROT_NONE = 1 << 5;

  private static final long RESERVED = 0x1fL << 54;
  private static final long NAPOT = 1L << 63;
  private static final int NAPOT_SHIFT = 16;
  private static final long NAPOT_PPN = 0xf;
  private static final long NAPOT_64K = 0x8;

  private static final Flag[] FLAGS = {
    new Flag(0, "V"),
    new Flag(1, "R"),
    new Flag(2, "W"),
    new Flag(3, "X"),
    new Flag(4, "U"),
    new Flag(5, "G"),
    new Flag(6, "A"),
    new Flag(7, "D"),
    new Flag(61, "NC"),
    new Flag(62, "IO"),
    new Flag(63, "N")
  };

  private final Reach reach;

  /**
   * @param levels 3, 4 or 5
   */
  public Riscv64Paging(int levels) {
    super(
        TableShape.ofPages(PAGE_SHIFT, requireLevels(levels), addressBits(levels)),
        ByteOrder.LITTLE_ENDIAN);
    this.reach = Reach.both(addressBits(levels) - 1);
  }

  private static int addressBits(int levels) {
    return PAGE_SHIFT + levels * INDEX_BITS;
  }

  private static int requireLevels(int levels) {
    if (levels < 3 || levels > 5) {
      throw new IllegalArgumentException("levels: " + levels);
    }
    return levels;
  }

  @Override
  public EntryKind kind(int level, long entry) {
    if ((entry & VALID) == 0) {
      long none = PROT_NONE | READ;
      return (entry & none) == none ? page(level, entry) : EntryKind.NOT_MAPPED;
    }
    if ((entry & LEAF) != 0) {
      return page(level, entry);
    }
    return level == 0 || (entry & RESERVED) != 0 ? EntryKind.RESERVED : EntryKind.TABLE;
  }

  private EntryKind page(int level, long entry) {
    boolean isAligned = (address(entry) & (1L << shift(level)) - 1) == 0;
    return isAligned && (entry & RESERVED) == 0 ? EntryKind.PAGE : EntryKind.RESERVED;
  }

  private static long address(long entry) {
    return (entry >>> PPN_SHIFT & PPN) << PAGE_SHIFT;
  }

  @Override
  public String flags(int level, long entry) {
    return flags(entry, FLAGS);
  }

  @Override
  public long target(int level, long entry) {
    return address(entry) & -(1L << pageShift(level, entry));
  }

  @Override
  public int pageShift(int level, long entry) {
    boolean isNapot =
        level == 0
            && (entry & NAPOT) != 0
            && (entry & LEAF) != 0
            && (entry >>> PPN_SHIFT & NAPOT_PPN) == NAPOT_64K;
    return isNapot ? NAPOT_SHIFT : (entry & LEAF) == 0 ? PAGE_SHIFT : shift(level);
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
    return "riscv64 page tables of " + levels() + " levels (Sv" + addressBits() + ")";
  }
}
