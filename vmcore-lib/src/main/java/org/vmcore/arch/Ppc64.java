package org.vmcore.arch;

import java.util.List;
import org.vmcore.elf.bytes.PrStatusLayout;

/**
 * ppc64, of either byte order.
 *
 * <p>Sources: Linux' {@code struct user_pt_regs} of arch/powerpc/include/uapi/asm/ptrace.h; {@code
 * mmu_vmemmap_psize} and {@code RADIX_MMU} of arch/powerpc/kexec/vmcore_info.c.
 */
public final class Ppc64 extends Architecture {
  /** The one of its kind. */
  public static final Architecture INSTANCE = new Ppc64();

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

  @Override
  public PrStatusLayout prStatus() {
    return PrStatusLayout.of(Long.SIZE)
        .withNumbered("gpr", 32)
        .with("nip", "msr", "orig_gpr3", "ctr", "link", "xer", "ccr", "softe", "trap", "dar")
        .with("dsisr", "result")
        .unused(4)
        .pointer("nip");
  }
}
