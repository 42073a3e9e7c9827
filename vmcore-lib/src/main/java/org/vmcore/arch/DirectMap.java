package org.vmcore.arch;

import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.elf.VmcoreInfo;

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

  /**
   * Where x86_64's direct map begins without KASLR; NUMBER(pgtable_l5_enabled) tells how many
   * levels the page tables have. With KASLR it is above that, and nothing tells where.
   */
  public static DirectMap ofX86(VmcoreInfo info) {
    boolean fiveLevels = info.number("pgtable_l5_enabled").orElse(0) == 1;
    return at(fiveLevels ? 0xff11_0000_0000_0000L : 0xffff_8880_0000_0000L);
  }

  /**
   * The direct map of an arm64 kernel since 5.4, of which VMCOREINFO tells NUMBER(VA_BITS) and
   * NUMBER(PHYS_OFFSET); empty when it doesn't.
   */
  public static Optional<DirectMap> ofArm64(VmcoreInfo info) {
    OptionalLong bits = info.number("VA_BITS");
    OptionalLong offset = info.number("PHYS_OFFSET");
    if (offset.isEmpty() || bits.isEmpty() || bits.getAsLong() < 36 || bits.getAsLong() > 52) {
      return Optional.empty();
    }
    return Optional.of(new DirectMap(-1L << bits.getAsLong(), offset.getAsLong()));
  }

  /** The virtual address of {@code paddr}. */
  public long vaddr(long paddr) {
    return paddr - physOffset + pageOffset;
  }
}
