package org.vmcore.arch.paging;

import java.nio.ByteOrder;

/**
 * 32-bit paging of i386, without PAE: two levels of entries of 4 bytes.
 *
 * <pre>
 * bit 7       PS: a page of 4 MiB (PGD)
 * bits 12-31  physical address; of 4 MiB bits 22-31, and bits 13-20 are its bits 32-39 (PSE-36)
 * bit 21      of 4 MiB: reserved
 * </pre>
 *
 * <p>Sources: Intel's Software Developer's Manual, volume 3, 5.3 "32-Bit Paging". What all paging
 * of x86 has in common tells {@link X86Entry}; PROT_NONE keeps the address as it is here (Linux'
 * asm/pgtable-2level.h).
 */
public final class I386Paging extends Paging32 {
  private static final int PAGE_SHIFT = 12;
  private static final int BITS = 10;
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
    boolean isLarge = X86Entry.isLarge(level, entry);
    return X86Entry.kind(entry, level == 0 || isLarge, isLarge && (entry & RESERVED) != 0);
  }

  @Override
  public String flags(int level, long entry) {
    return X86Entry.flags(level, entry);
  }

  @Override
  public long target(int level, long entry) {
    return X86Entry.isLarge(level, entry)
        ? (entry & LARGE_ADDRESS) | (entry & LARGE_HIGH) << TO_HIGH
        : entry & ADDRESS;
  }

  @Override
  public String toString() {
    return "i386 page tables of " + levels() + " levels";
  }
}
