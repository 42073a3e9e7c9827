package org.vmcore.arch;

/**
 * The kernel's linear map of physical memory: the kernel's {@code __va}.
 *
 * @param pageOffset the virtual address at which it begins: PAGE_OFFSET, on x86_64 random under
 *     KASLR
 * @param physOffset the physical address that is mapped there: 0 on x86_64; PHYS_OFFSET on arm64,
 *     where KASLR may move it below 0
 */
public record DirectMap(long pageOffset, long physOffset) {
  /** The direct map that has physical address 0 at {@code pageOffset}. */
  public static DirectMap at(long pageOffset) {
    return new DirectMap(pageOffset, 0);
  }

  /** The virtual address of {@code paddr}. */
  public long vaddr(long paddr) {
    return paddr - physOffset + pageOffset;
  }
}
