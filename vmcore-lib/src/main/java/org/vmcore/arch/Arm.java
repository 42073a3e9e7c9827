package org.vmcore.arch;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.arch.paging.ArmLpaePaging;
import org.vmcore.arch.paging.ArmPaging;
import org.vmcore.arch.paging.Paging;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.elf.bytes.PrStatusLayout;

/**
 * arm, with words of 32 bits.
 *
 * <p>Sources: Linux' {@code ARM_r0} and the others of arch/arm/include/uapi/asm/ptrace.h; {@code
 * CONFIG_ARM_LPAE} of arch/arm/kernel/machine_kexec.c; VMSPLIT of arch/arm/Kconfig; {@code
 * vmalloc_size} of arch/arm/mm/mmu.c; MODULES_VADDR of arch/arm/include/asm/memory.h.
 */
public final class Arm extends Architecture {
  /** The one of its kind. */
  public static final Architecture INSTANCE = new Arm();

  private static final String LPAE = "CONFIG_ARM_LPAE";

  /** PAGE_OFFSET with each VMSPLIT. */
  private static final Splits SPLITS =
      new Splits(0xc000_0000L, 0xb000_0000L, 0x8000_0000L, 0x4000_0000L);

  /** The topmost table and the image begin within it. */
  private static final long IMAGE_SPACE = 256L << 20;

  private static final long PHYS_OFFSETS = -(2L << 20);
  private static final long LOWMEM_END = 0xf000_0000L;

  private Arm() {
    super(Machine.ARM, Integer.SIZE);
  }

  @Override
  List<String> ownKeys() {
    return List.of(LPAE);
  }

  @Override
  public List<Paging> layouts(Optional<VmcoreInfo> info, ByteOrder order) {
    OptionalLong known = info.isEmpty() ? OptionalLong.empty() : inImage(info.get());
    long start = SPLITS.likely(known, IMAGE_SPACE) - Splits.MODULES;
    Paging plain = new ArmPaging(start, order);
    Paging lpae = new ArmLpaePaging(start, order);
    return info.isPresent() && isOf(info.get()) ? List.of(lpae, plain) : List.of(plain, lpae);
  }

  /** An address that is little above PAGE_OFFSET. */
  private static OptionalLong inImage(VmcoreInfo info) {
    OptionalLong root = info.symbol("swapper_pg_dir");
    return root.isPresent() ? root : info.symbol("_stext");
  }

  /**
   * VMCOREINFO tells neither PAGE_OFFSET nor PHYS_OFFSET. RAM begins with the latter, which is a
   * multiple of 2 MiB. vmalloc begins below 0xf0000000 only where the command line says so.
   */
  @Override
  public List<LinearMap> linearMaps(VmcoreInfo info, long ram) {
    List<Long> starts = SPLITS.of(inImage(info), IMAGE_SPACE);
    return starts.isEmpty()
        ? List.of()
        : List.of(LinearMap.direct(starts.getFirst(), LOWMEM_END, ram & PHYS_OFFSETS));
  }

  @Override
  public boolean isDirectMapAtRam() {
    return true;
  }

  @Override
  public boolean isKernelSpace(long vaddr) {
    return SPLITS.isKernelSpace(vaddr);
  }

  @Override
  public PrStatusLayout prStatus() {
    return PrStatusLayout.of(Integer.SIZE)
        .withNumbered("r", 11)
        .with("fp", "ip", "sp", "lr", "pc", "cpsr", "orig_r0")
        .pointer("pc");
  }

  @Override
  public ExceptionPath exceptionPath() {
    return ExceptionPath.of(
        """
          do_DataAbort do_PrefetchAbort do_undefinstr __dabt_svc __pabt_svc __und_svc
          unwind_backtrace""",
        """
          __irq_svc __irq_usr ret_fast_syscall""");
  }
}
