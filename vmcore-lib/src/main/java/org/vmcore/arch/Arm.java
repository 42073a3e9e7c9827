package org.vmcore.arch;

import java.util.List;
import java.util.OptionalLong;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.elf.bytes.PrStatusLayout;

/**
 * arm, with words of 32 bits.
 *
 * <p>Sources: Linux' {@code ARM_r0} and the others of arch/arm/include/uapi/asm/ptrace.h; {@code
 * CONFIG_ARM_LPAE} of arch/arm/kernel/machine_kexec.c; VMSPLIT of arch/arm/Kconfig; {@code
 * vmalloc_size} of arch/arm/mm/mmu.c.
 */
public final class Arm extends Architecture {
  /** The one of its kind. */
  public static final Architecture INSTANCE = new Arm();

  private static final long SPLITS = -(256L << 20);
  private static final long PHYS_OFFSETS = -(2L << 20);
  private static final long LOWMEM_END = 0xf000_0000L;

  private Arm() {
    super(Machine.ARM, Integer.SIZE);
  }

  @Override
  List<String> ownKeys() {
    return List.of("CONFIG_ARM_LPAE");
  }

  /**
   * VMCOREINFO tells neither PAGE_OFFSET nor PHYS_OFFSET. The topmost table stands little above the
   * one, which is a multiple of 256 MiB with each VMSPLIT; RAM begins with the other, which is a
   * multiple of 2 MiB. vmalloc begins below 0xf0000000 only where the command line says so.
   */
  @Override
  public List<LinearMap> linearMaps(VmcoreInfo info, long ram) {
    OptionalLong root = info.symbol("swapper_pg_dir");
    OptionalLong known = root.isPresent() ? root : info.symbol("_stext");
    long start = known.orElse(0) & SPLITS;
    return start == 0 || start >>> Integer.SIZE != 0
        ? List.of()
        : List.of(LinearMap.direct(start, LOWMEM_END, ram & PHYS_OFFSETS));
  }

  @Override
  public boolean isDirectMapAtRam() {
    return true;
  }

  @Override
  public PrStatusLayout prStatus() {
    return PrStatusLayout.of(Integer.SIZE)
        .withNumbered("r", 11)
        .with("fp", "ip", "sp", "lr", "pc", "cpsr", "orig_r0")
        .pointer("pc");
  }
}
