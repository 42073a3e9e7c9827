package org.vmcore.arch;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.elf.bytes.PrStatusLayout;
import org.vmcore.fdt.DeviceTree;
import org.vmcore.fdt.FirmwareNodes;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;

/**
 * ppc64, of either byte order.
 *
 * <p>Sources: Linux' {@code struct user_pt_regs} of arch/powerpc/include/uapi/asm/ptrace.h; {@code
 * mmu_vmemmap_psize} and {@code RADIX_MMU} of arch/powerpc/kexec/vmcore_info.c; {@code __va} of
 * arch/powerpc/include/asm/page.h; asm/book3s/64/radix.h and hash-4k.h.
 */
public final class Ppc64 extends PreparedArchitecture {
  /** The one of its kind. */
  public static final PreparedArchitecture INSTANCE = new Ppc64();

  private static final long PAGE_OFFSET = 0xc000_0000_0000_0000L;
  private static final String RADIX = "RADIX_MMU";
  private static final int PAGE_4K = 12;
  private static final int PAGE_64K = 16;
  private static final long VMALLOC = 0xc000_1000_0000_0000L;

  private Ppc64() {
    super(Machine.PPC64, Long.SIZE);
  }

  @Override
  List<String> ownKeys() {
    return List.of(
        "NUMBER(RADIX_MMU)",
        "SYMBOL(cur_cpu_spec)",
        "SYMBOL(vmemmap_list)",
        "SYMBOL(mmu_psize_defs)");
  }

  /** PAGESIZE tells the likely one of the radix tree's; a kernel without it has hash tables. */
  @Override
  public List<Paging> layouts(Optional<VmcoreInfo> info, ByteOrder order) {
    if (isRadix(info).orElse(1) == 0) {
      return List.of();
    }
    long page = info.isPresent() ? info.get().pageSize().orElse(0) : 0;
    Paging small = new Ppc64Paging(PAGE_4K);
    Paging large = new Ppc64Paging(PAGE_64K);
    return page == small.pageSize() ? List.of(small, large) : List.of(large, small);
  }

  private static OptionalLong isRadix(Optional<VmcoreInfo> info) {
    return info.isPresent() ? info.get().number(RADIX) : OptionalLong.empty();
  }

  @Override
  public String withoutTables(Optional<VmcoreInfo> info) {
    OptionalLong isRadix = isRadix(info);
    if (isRadix.isEmpty()) {
      return "it may have hash page tables, which can't be read";
    }
    return isRadix.getAsLong() == 0
        ? "it has hash page tables (VMCOREINFO's NUMBER(RADIX_MMU)), which can't be read"
        : "";
  }

  /** The image is a part of the direct map. */
  @Override
  public OptionalLong imagePaddr(VmcoreInfo info, long vaddr) {
    return Long.compareUnsigned(vaddr - PAGE_OFFSET, end(info) - PAGE_OFFSET) < 0
        ? OptionalLong.of(vaddr - PAGE_OFFSET)
        : OptionalLong.empty();
  }

  @Override
  public Optional<DirectMap> directMap(VmcoreInfo info) {
    return Optional.of(DirectMap.at(PAGE_OFFSET));
  }

  @Override
  public List<LinearMap> linearMaps(VmcoreInfo info, long ram) {
    return List.of(LinearMap.direct(PAGE_OFFSET, end(info), 0));
  }

  /** Up to vmalloc, which lies lowest with pages of 4 KiB and hash tables. */
  private static long end(VmcoreInfo info) {
    long vmalloc = info.number("VMALLOC_START").orElse(VMALLOC);
    return Long.compareUnsigned(vmalloc, PAGE_OFFSET) > 0 ? vmalloc : VMALLOC;
  }

  @Override
  public PrStatusLayout prStatus() {
    return PrStatusLayout.of(Long.SIZE)
        .withNumbered("gpr", 32)
        .with("nip", "msr", "orig_gpr3", "ctr", "link", "xer", "ccr", "softe", "trap", "dar")
        .with("dsisr", "result")
        .unused(4)
        .pointer("nip");
  }

  @Override
  public boolean isDeviceTreeUsed() {
    return false;
  }

  /** Behind the crash kernel, and whatever else there is room for. */
  @Override
  public OptionalLong elfcorehdrIn(AddressRange region, long size) {
    return OptionalLong.empty();
  }

  @Override
  public boolean isImageDescribed() {
    return false;
  }

  /** BACKUP_SRC_START to BACKUP_SRC_END: the crash kernel's exception vectors lie there, too. */
  @Override
  public Optional<AddressRange> backedUp() {
    return Optional.of(AddressRange.ofSize(0, 64 << 10));
  }

  @Override
  public boolean isFirmwareDescribed() {
    return true;
  }

  @Override
  public List<AddressRange> firmware(String file, DeviceTree tree) throws VmcoreException {
    return FirmwareNodes.memory(file, tree);
  }
}
