package org.vmcore.arch;

import java.util.List;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.elf.bytes.PrStatusLayout;

/**
 * i386: x86 with words of 32 bits.
 *
 * <p>Sources: Linux' {@code struct user_regs_struct} of asm/user_32.h; {@code CONFIG_X86_PAE} of
 * arch/x86/kernel/vmcore_info_32.c; VMSPLIT of arch/x86/Kconfig, VMALLOC_RESERVE of
 * arch/x86/mm/init_32.c.
 */
public final class I386 extends Architecture {
  /** The one of its kind. */
  public static final Architecture INSTANCE = new I386();

  private static final long SPLITS = -(256L << 20);
  private static final long LOWMEM_END = 0xf780_0000L;

  private I386() {
    super(Machine.I386, Integer.SIZE);
  }

  @Override
  List<String> ownKeys() {
    return List.of("CONFIG_X86_PAE");
  }

  /**
   * VMCOREINFO doesn't tell PAGE_OFFSET: the image is in its first 256 MiB, and it is a multiple of
   * that with each VMSPLIT but one. vmalloc begins lower only where the command line says so.
   */
  @Override
  public List<LinearMap> linearMaps(VmcoreInfo info, long ram) {
    long start = info.symbol("_stext").orElse(0) & SPLITS;
    return start == 0 || start >>> Integer.SIZE != 0
        ? List.of()
        : List.of(LinearMap.direct(start, LOWMEM_END, 0));
  }

  @Override
  public PrStatusLayout prStatus() {
    return PrStatusLayout.of(Integer.SIZE)
        .with("ebx", "ecx", "edx", "esi", "edi", "ebp", "eax", "ds", "es", "fs", "gs", "orig_eax")
        .with("eip", "cs", "eflags", "esp", "ss")
        .pointer("eip");
  }
}
