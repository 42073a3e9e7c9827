package org.vmcore.mmu;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.arch.Arm64Paging;
import org.vmcore.arch.Paging;
import org.vmcore.elf.Machine;
import org.vmcore.elf.VmcoreInfo;

/**
 * The layouts that a kernel's page tables may have: the one that VMCOREINFO tells of first, then
 * the others that its machine knows.
 */
final class PagingLayouts {
  /** arm64's page shifts, each with the sizes of address that Linux can be built for. */
  private static final int[][] ARM64 = {{12, 48, 52, 39}, {16, 52, 48, 42}, {14, 47, 48, 52, 36}};

  private PagingLayouts() {}

  /** The layouts, the likely one first; empty for machines whose page tables aren't known here. */
  static List<Paging> of(PagingHints hints) {
    return switch (hints.machine()) {
      case Machine.X86_64 -> x86(hints.info());
      case Machine.ARM64 -> arm64(hints.info(), hints.order());
      default -> List.of();
    };
  }

  private static List<Paging> x86(Optional<VmcoreInfo> info) {
    long sme = smeMask(info);
    int told = number(info, "pgtable_l5_enabled").orElse(0) == 1 ? 5 : 4;
    List<Paging> layouts = new ArrayList<>();
    layouts.add(Paging.x86(told, sme));
    layouts.add(Paging.x86(9 - told, sme));
    if (sme != 0) {
      layouts.add(Paging.x86(told, 0));
      layouts.add(Paging.x86(9 - told, 0));
    }
    return layouts;
  }

  /** x86_64's NUMBER(sme_mask); 0 when there is none, or it isn't one bit of high addresses. */
  static long smeMask(Optional<VmcoreInfo> info) {
    long mask = number(info, "sme_mask").orElse(0);
    return Long.bitCount(mask) == 1 && mask >>> 32 != 0 && mask >>> 52 == 0 ? mask : 0;
  }

  private static List<Paging> arm64(Optional<VmcoreInfo> info, ByteOrder order) {
    List<Paging> layouts = new ArrayList<>();
    long pageSize = info.map(VmcoreInfo::pageSize).orElse(OptionalLong.empty()).orElse(0);
    int shift = Long.bitCount(pageSize) == 1 ? Long.numberOfTrailingZeros(pageSize) : 0;
    long configured = number(info, "VA_BITS").orElse(0);
    long bits = 64 - number(info, "TCR_EL1_T1SZ").orElse(64 - configured);
    if (Arm64Paging.isPossible(shift, configured) && Arm64Paging.isPossible(shift, bits)) {
      layouts.add(Paging.arm64(shift, (int) configured, (int) bits, order));
    }
    for (int[] pages : ARM64) {
      for (int i = 1; i < pages.length; i++) {
        layouts.add(Paging.arm64(pages[0], pages[i], pages[i], order));
      }
    }
    return layouts;
  }

  private static OptionalLong number(Optional<VmcoreInfo> info, String name) {
    return info.isEmpty() ? OptionalLong.empty() : info.get().number(name);
  }
}
