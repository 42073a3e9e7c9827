package org.vmcore.arch.paging;

import java.nio.ByteOrder;

/**
 * PAE paging of i386: three levels of entries of 8 bytes, of which the topmost has four.
 *
 * <pre>
 * bit 7       PS: a page of 2 MiB (PMD); reserved in the PGD
 * bits 12-51  physical address; of 2 MiB the bits below its size are reserved but for 12, PAT
 * bit 63      XD
 * </pre>
 *
 * <p>Of the topmost level bits 1, 2, 7, 8 and 52-63 are reserved; bit 5, too, but QEMU sets it
 * there.
 *
 * <p>Sources: Intel's Software Developer's Manual, volume 3, 5.4 "PAE Paging". What all paging of
 * x86 has in common tells {@link X86Entry}.
 */
public final class PaePaging extends Paging32 {
  private static final int PAGE_SHIFT = 12;
  private static final int BITS = 9;
  private static final int ROOT_BITS = 2;
  private static final int PMD = 1;
  private static final int PGD = 2;
  private static final long PAT_LARGE = 1L << 12;
  private static final long ROOT_RESERVED = 0xfff0_0000_0000_0186L;
  private static final long ADDRESS = 0x000f_ffff_ffff_f000L;
  private static final long IN_LARGE = (1L << (PAGE_SHIFT + BITS)) - 1;

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
      return X86Entry.kind(entry, false, (entry & ROOT_RESERVED) != 0);
    }
    boolean isLarge = X86Entry.isLarge(level, entry);
    boolean isAddressed = (entry & ADDRESS & IN_LARGE & ~PAT_LARGE) != 0;
    return X86Entry.kind(entry, level == 0 || isLarge, isLarge && isAddressed);
  }

  @Override
  public String flags(int level, long entry) {
    return X86Entry.flags(level, entry);
  }

  @Override
  public long target(int level, long entry) {
    long address = X86Entry.address(entry, ADDRESS);
    return level == PMD && X86Entry.isLarge(level, entry) ? address & ~IN_LARGE : address;
  }

  @Override
  public String toString() {
    return "i386 page tables of " + levels() + " levels (PAE)";
  }
}
