package org.vmcore.arch.paging;

import java.nio.ByteOrder;

/**
 * PAE paging of i386: three levels of entries of 8 bytes, of which the topmost has four.
 *
 * <pre>
 * bit 0       present
 * bit 7       PS: a page of 2 MiB (PMD); PAT in a PTE; reserved in the PGD
 * bits 12-51  physical address; of 2 MiB the bits below its size are reserved but for 12, PAT
 * bit 63      XD
 * </pre>
 *
 * <p>Of the topmost level bits 1, 2, 7, 8 and 52-63 are reserved; bit 5, too, but QEMU sets it
 * there.
 *
 * <p>Sources: Intel's Software Developer's Manual, volume 3, 5.4 "PAE Paging"; for PROT_NONE Linux'
 * asm/pgtable-3level.h and asm/pgtable-invert.h.
 */
public final class PaePaging extends Paging32 {
  private static final int PAGE_SHIFT = 12;
  private static final int BITS = 9;
  private static final int ROOT_BITS = 2;
  private static final int PMD = 1;
  private static final int PGD = 2;
  private static final long PRESENT = 1;
  private static final long PAGE_SIZE_BIT = 1L << 7;
  private static final long PROT_NONE = 1L << 8;
  private static final long PAT_LARGE = 1L << 12;
  private static final long ROOT_RESERVED = 0xfff0_0000_0000_0186L;
  private static final long ADDRESS = 0x000f_ffff_ffff_f000L;
  private static final long IN_LARGE = (1L << (PAGE_SHIFT + BITS)) - 1;

  /** The kernel's memory ends below it; an address with its bits inverted has it set. */
  private static final long INVERTED = 1L << 51;

  /**
   * @param kernelStart from which virtual address on they are the kernel's: PAGE_OFFSET
   */
  public PaePaging(long kernelStart) {
    super(
        new TableShape(Long.BYTES, PAGE_SHIFT, BITS, BITS, ROOT_BITS),
        ByteOrder.LITTLE_ENDIAN,
        kernelStart);
  }

  @Override
  public EntryKind kind(int level, long entry) {
    if (level == PGD) {
      return rootKind(entry);
    }
    boolean large = level == PMD && (entry & PAGE_SIZE_BIT) != 0;
    boolean page = level == 0 || large;
    if ((entry & PRESENT) == 0) {
      return page && (entry & PROT_NONE) != 0 ? EntryKind.PAGE : EntryKind.NOT_MAPPED;
    }
    if (!page) {
      return EntryKind.TABLE;
    }
    boolean reserved = large && (entry & ADDRESS & IN_LARGE & ~PAT_LARGE) != 0;
    return reserved ? EntryKind.RESERVED : EntryKind.PAGE;
  }

  private static EntryKind rootKind(long entry) {
    if ((entry & PRESENT) == 0) {
      return EntryKind.NOT_MAPPED;
    }
    return (entry & ROOT_RESERVED) == 0 ? EntryKind.TABLE : EntryKind.RESERVED;
  }

  @Override
  public String flags(int level, long entry) {
    return X86Paging.flagNames(level, entry);
  }

  /** Since 4.18 the address of what is PROT_NONE is kept with its bits inverted. */
  @Override
  public long target(int level, long entry) {
    boolean inverted = (entry & PRESENT) == 0 && (entry & INVERTED) != 0;
    long address = (inverted ? ~entry : entry) & ADDRESS;
    boolean large = level == PMD && (entry & PAGE_SIZE_BIT) != 0;
    return large ? address & ~IN_LARGE : address;
  }

  @Override
  public String toString() {
    return "i386 page tables of " + levels() + " levels (PAE)";
  }
}
