package org.vmcore.arch.paging;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Dynamic address translation of z/Architecture: page and segment tables, and up to three region
 * tables above them.
 *
 * <pre>
 * region  bits 0-51 origin, 55 IEP, 54 P, 56-57 TF, 58 I, 60-61 TT, 62-63 TL; third: 53 FC, 2 GiB
 * segment bits 0-52 origin, 53 FC, 1 MiB, 54 P, 55 IEP, 58 I, 59 CS, 60-61 TT
 * page    bits 0-51 address, 52 zero, 53 I, 54 P, 55 IEP
 * </pre>
 *
 * <p>Bits are counted from the highest on, as the manual does. A kernel's page that wasn't used of
 * late, or that nobody may access, is invalid to the CPU: a bit of Linux' tells that it is there.
 *
 * <p>Sources: z/Architecture Principles of Operation, 3 "Dynamic Address Translation"; Linux'
 * arch/s390/include/asm/pgtable.h (FORMATS.md, 231 to 233).
 */
public final class S390xPaging extends Paging {
  private static final int PAGE_SHIFT = 12;
  private static final int PAGE_BITS = 8;
  private static final int TABLE_BITS = 11;
  private static final int LEAST_LEVELS = 2;
  private static final int MOST_LEVELS = 5;
  private static final int SEGMENT = 1;
  private static final int REGION_THIRD = 2;

  private static final long PAGE_INVALID = 0x400;
  private static final long PAGE_ZERO = 0x800;

  /** Linux' own: of a page that is there, whether the CPU may use it or not. */
  private static final long PAGE_PRESENT = 1;

  private static final long INVALID = 0x20;
  private static final long LARGE = 0x400;

  /** Linux' own, of an entry that is invalid: of what was swapped out. */
  private static final long SWAPPED = 0x10;

  private static final int TYPE_SHIFT = 2;
  private static final long TYPE = 3L << TYPE_SHIFT;

  /** TF and TL of a table that is whole, as all of Linux' are. */
  private static final long WHOLE = 0x03;

  private static final long PART = 0xc3;
  private static final long TABLE_ORIGIN = -1L << PAGE_SHIFT;
  private static final long PAGE_TABLE_ORIGIN = -1L << 11;

  private static final Flag[] PAGE_FLAGS = {
    new Flag(8, "IEP"), new Flag(9, "P"), new Flag(10, "I")
  };

  private static final Flag[] SEGMENT_FLAGS = {
    new Flag(4, "CS"), new Flag(5, "I"), new Flag(8, "IEP"), new Flag(9, "P"), new Flag(10, "FC")
  };

  private static final Flag[] REGION_FLAGS = {
    new Flag(5, "I"), new Flag(8, "IEP"), new Flag(9, "P"), new Flag(10, "FC")
  };

  /**
   * @param levels 2, of page and segment tables, to 5
   */
  public S390xPaging(int levels) {
    super(new TableShape(Long.BYTES, PAGE_SHIFT, bits(levels)), ByteOrder.BIG_ENDIAN);
  }

  private static int[] bits(int levels) {
    if (levels < LEAST_LEVELS || levels > MOST_LEVELS) {
      throw new IllegalArgumentException("levels: " + levels);
    }
    int[] bits = new int[levels];
    Arrays.fill(bits, TABLE_BITS);
    bits[0] = PAGE_BITS;
    return bits;
  }

  /** How many levels an address-space-control element tells: its bits 60 and 61. */
  public static int levels(long asce) {
    return LEAST_LEVELS + (int) ((asce & TYPE) >>> TYPE_SHIFT);
  }

  /** All of them, from the one that most kernels have on. */
  public static List<Paging> all() {
    List<Paging> all = new ArrayList<>();
    for (int levels : new int[] {3, 4, 2, MOST_LEVELS}) {
      all.add(new S390xPaging(levels));
    }
    return all;
  }

  /** Tables begin at any page. */
  @Override
  public long root(long register) {
    return register & TABLE_ORIGIN;
  }

  @Override
  public String rootRegister() {
    return "CR13";
  }

  @Override
  public EntryKind kind(int level, long entry) {
    if (level == 0) {
      return page(entry);
    }
    if ((entry & INVALID) != 0) {
      boolean isThere = level <= REGION_THIRD && (entry & LARGE) != 0 && (entry & SWAPPED) == 0;
      return isThere && isOfLevel(level, entry) ? EntryKind.PAGE : EntryKind.NOT_MAPPED;
    }
    if (!isOfLevel(level, entry)) {
      return EntryKind.RESERVED;
    }
    if (level <= REGION_THIRD && (entry & LARGE) != 0) {
      return EntryKind.PAGE;
    }
    return level == SEGMENT || (entry & PART) == WHOLE ? EntryKind.TABLE : EntryKind.RESERVED;
  }

  private static EntryKind page(long entry) {
    if ((entry & PAGE_INVALID) != 0) {
      return (entry & PAGE_PRESENT) != 0 ? EntryKind.PAGE : EntryKind.NOT_MAPPED;
    }
    return (entry & PAGE_ZERO) != 0 ? EntryKind.RESERVED : EntryKind.PAGE;
  }

  /** TT has to be that of the table. */
  private static boolean isOfLevel(int level, long entry) {
    return (entry & TYPE) >>> TYPE_SHIFT == level - SEGMENT;
  }

  @Override
  public String flags(int level, long entry) {
    return flags(entry, level == 0 ? PAGE_FLAGS : level == SEGMENT ? SEGMENT_FLAGS : REGION_FLAGS);
  }

  @Override
  public long target(int level, long entry) {
    if (level == 0) {
      return entry & TABLE_ORIGIN;
    }
    if (level <= REGION_THIRD && (entry & LARGE) != 0) {
      return entry & -(1L << shift(level));
    }
    return entry & (level == SEGMENT ? PAGE_TABLE_ORIGIN : TABLE_ORIGIN);
  }

  @Override
  public Reach kernelReach() {
    return addressBits() == Long.SIZE ? Reach.both(Long.SIZE - 1) : Reach.low(addressBits());
  }

  @Override
  public Reach taskReach() {
    return kernelReach();
  }

  /** A task's tables have none of the kernel's addresses, the kernel's none of a task's. */
  @Override
  public boolean isKernel(long address) {
    return true;
  }

  /** A task has as many levels as its addresses need; TT tells them apart. */
  @Override
  public List<Paging> taskLayouts() {
    return all();
  }

  @Override
  public String toString() {
    return "s390x page tables of " + levels() + " levels";
  }
}
