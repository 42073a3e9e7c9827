package org.vmcore.arch.paging;

import java.nio.ByteOrder;

/**
 * The VMSAv8-64 translation tables of arm64, as Linux uses them for one half of the address space.
 *
 * <pre>
 * bit 0       valid
 * bit 1       a table, at the last level a page; when clear a block, at the last level reserved
 * bits 12-47  physical address from the granule's size on
 *             64 KiB with addresses of 52 bits: bits 12-15 are its bits 48-51
 *             4 and 16 KiB with LPA2: bits 12-49, and bits 8-9 are its bits 50-51
 * </pre>
 *
 * <p>What Linux keeps in entries that aren't valid, PROT_NONE pages and swap, counts as not mapped.
 *
 * <p>Sources: Arm's Architecture Reference Manual for A-profile, D8.3 "Translation table descriptor
 * formats"; Linux' Documentation/arch/arm64/memory.rst. Linux uses LPA2 when the CPU runs with
 * addresses of 52 bits (arch/arm64/kernel/pi/map_kernel.c).
 */
public final class Arm64Paging extends Paging {
  private static final int MAX_LEVELS = 5;
  private static final int MAX_BITS = 52;
  private static final int MIN_BITS = 25;
  private static final long VALID = 1;
  private static final long TABLE = 2;
  private static final long BITS_12_TO_47 = 0x0000_ffff_ffff_f000L;
  private static final long BITS_12_TO_49 = 0x0003_ffff_ffff_f000L;
  private static final int KIB_64 = 16;
  private static final long PAGE_4K = 1L << 12;

  private static final Flag[] PAGE_FLAGS = {
    new Flag(0, "VALID"),
    new Flag(6, "AP1"),
    new Flag(7, "AP2"),
    new Flag(10, "AF"),
    new Flag(11, "nG"),
    new Flag(50, "GP"),
    new Flag(51, "DBM"),
    new Flag(52, "CONT"),
    new Flag(53, "PXN"),
    new Flag(54, "UXN")
  };

  private static final Flag[] TABLE_FLAGS = {
    new Flag(0, "VALID"),
    new Flag(1, "TABLE"),
    new Flag(59, "PXNTable"),
    new Flag(60, "UXNTable"),
    new Flag(61, "APTable0"),
    new Flag(62, "APTable1"),
    new Flag(63, "NSTable")
  };

  private final int bits;
  private final boolean lpa;
  private final boolean lpa2;
  private final long addressMask;

  /**
   * Those of a kernel whose physical addresses have 52 bits if it was built for virtual ones of 52.
   *
   * @param pageShift 12, 14 or 16: pages of 4, 16 or 64 KiB
   * @param configuredBits CONFIG_ARM64_VA_BITS: what the kernel was built for
   * @param bits what the CPU runs with, 64 − TCR_EL1.T1SZ
   * @param order of the entries: that of the kernel
   */
  public Arm64Paging(int pageShift, int configuredBits, int bits, ByteOrder order) {
    this(pageShift, configuredBits, bits, configuredBits, order);
  }

  /**
   * @param pageShift 12, 14 or 16: pages of 4, 16 or 64 KiB
   * @param configuredBits CONFIG_ARM64_VA_BITS: what the kernel was built for
   * @param bits what the CPU runs with, 64 − TCR_EL1.T1SZ
   * @param physicalBits CONFIG_ARM64_PA_BITS, 48 or 52; less counts as 48
   * @param order of the entries: that of the kernel
   */
  public Arm64Paging(
      int pageShift, int configuredBits, int bits, int physicalBits, ByteOrder order) {
    super(
        TableShape.ofPages(
            pageShift, requireLevels(pageShift, bits), rootBits(pageShift, configuredBits, bits)),
        order);
    this.bits = bits;
    this.lpa = pageShift == KIB_64 && (bits == MAX_BITS || physicalBits == MAX_BITS);
    this.lpa2 = pageShift < KIB_64 && bits == MAX_BITS;
    this.addressMask = (lpa2 ? BITS_12_TO_49 : BITS_12_TO_47) & -pageSize();
  }

  /** Whether there are such page tables. */
  public static boolean isPossible(long pageShift, long bits) {
    return (pageShift == 12 || pageShift == 14 || pageShift == KIB_64)
        && bits >= MIN_BITS
        && bits <= MAX_BITS
        && levels((int) pageShift, (int) bits) <= MAX_LEVELS;
  }

  private static int requireLevels(int pageShift, int bits) {
    if (!isPossible(pageShift, bits)) {
      throw new IllegalArgumentException("2^" + pageShift + " bytes a page, " + bits + " bits");
    }
    return levels(pageShift, bits);
  }

  private static int levels(int pageShift, int bits) {
    return (bits - 4) / (pageShift - 3); // (bits - pageShift) / (pageShift - 3), rounded up
  }

  /**
   * A kernel built for more bits than the CPU has uses as many of them as do not need another
   * level: with 64 KiB pages its root has room for 52.
   */
  private static int rootBits(int pageShift, int configuredBits, int bits) {
    boolean roomy =
        configuredBits > bits
            && isPossible(pageShift, configuredBits)
            && levels(pageShift, configuredBits) == levels(pageShift, bits);
    return roomy ? configuredBits : bits;
  }

  @Override
  public EntryKind kind(int level, long entry) {
    if ((entry & VALID) == 0) {
      return EntryKind.NOT_MAPPED;
    }
    boolean table = (entry & TABLE) != 0;
    if (level == 0) {
      return table ? EntryKind.PAGE : EntryKind.RESERVED;
    }
    return table ? EntryKind.TABLE : level <= largestBlock() ? EntryKind.PAGE : EntryKind.RESERVED;
  }

  /**
   * The highest level that blocks are allowed at: 1 GiB, 32 MiB, 512 MiB; one more with LPA and
   * LPA2, the larger addresses.
   */
  private int largestBlock() {
    int plain = pageSize() == PAGE_4K ? 2 : 1;
    return lpa || lpa2 ? plain + 1 : plain;
  }

  @Override
  public String flags(int level, long entry) {
    return flags(entry, kind(level, entry) == EntryKind.TABLE ? TABLE_FLAGS : PAGE_FLAGS);
  }

  @Override
  public long target(int level, long entry) {
    long address = entry & addressMask;
    if (lpa) {
      address |= (entry & 0xf000) << 36;
    } else if (lpa2) {
      address |= (entry & 0x300) << 42;
    }
    boolean block = level > 0 && (entry & TABLE) == 0;
    return block ? address & -(1L << shift(level)) : address;
  }

  @Override
  public Reach kernelReach() {
    return Reach.high(bits);
  }

  @Override
  public Reach taskReach() {
    return Reach.low(bits);
  }

  @Override
  public String toString() {
    return "arm64 page tables of "
        + levels()
        + " levels, "
        + (pageSize() >> 10)
        + " KiB a page, "
        + bits
        + " bits";
  }
}
