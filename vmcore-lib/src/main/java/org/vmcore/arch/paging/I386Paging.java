package org.vmcore.arch.paging;

import java.nio.ByteOrder;

/**
 * 32-bit paging of i386, without PAE: two levels of entries of 4 bytes.
 *
 * <pre>
 * bit 0       present
 * bit 7       PS: a page of 4 MiB (PGD); PAT in a PTE
 * bits 12-31  physical address; of 4 MiB bits 22-31, and bits 13-20 are its bits 32-39 (PSE-36)
 * bit 21      of 4 MiB: reserved
 * </pre>
 *
 * <p>Sources: Intel's Software Developer's Manual, volume 3, 5.3 "32-Bit Paging"; for PROT_NONE,
 * which keeps the address as it is, Linux' asm/pgtable-2level.h.
 */
public final class I386Paging extends Paging32 {
  private static final int PAGE_SHIFT = 12;
  private static final int BITS = 10;
  private static final long PRESENT = 1;
  private static final long PAGE_SIZE_BIT = 1L << 7;
  private static final long PROT_NONE = 1L << 8;
  private static final long RESERVED = 1L << 21;
  private static final long ADDRESS = 0xffff_f000L;
  private static final long LARGE_ADDRESS = 0xffc0_0000L;
  private static final long LARGE_HIGH = 0x001f_e000L;
  private static final int TO_HIGH = 32 - 13;

  /**
   * @param kernelStart from which virtual address on they are the kernel's: PAGE_OFFSET
   */
  public I386Paging(long kernelStart) {
    super(
        new TableShape(Integer.BYTES, PAGE_SHIFT, BITS, BITS),
        ByteOrder.LITTLE_ENDIAN,
        kernelStart);
  }

  @Override
  public EntryKind kind(int level, long entry) {
    boolean large = level > 0 && (entry & PAGE_SIZE_BIT) != 0;
    boolean page = level == 0 || large;
    if ((entry & PRESENT) == 0) {
      return page && (entry & PROT_NONE) != 0 ? EntryKind.PAGE : EntryKind.NOT_MAPPED;
    }
    if (!page) {
      return EntryKind.TABLE;
    }
    return large && (entry & RESERVED) != 0 ? EntryKind.RESERVED : EntryKind.PAGE;
  }

  @Override
  public String flags(int level, long entry) {
    return X86Paging.flagNames(level, entry);
  }

  @Override
  public long target(int level, long entry) {
    boolean large = level > 0 && (entry & PAGE_SIZE_BIT) != 0;
    return large ? (entry & LARGE_ADDRESS) | (entry & LARGE_HIGH) << TO_HIGH : entry & ADDRESS;
  }

  @Override
  public String toString() {
    return "i386 page tables of " + levels() + " levels";
  }
}
