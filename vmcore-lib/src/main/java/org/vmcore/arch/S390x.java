package org.vmcore.arch;

import org.vmcore.elf.VmcoreInfo;
import org.vmcore.elf.bytes.PrStatusLayout;

/**
 * s390x.
 *
 * <p>Sources: Linux' {@code s390_regs} of arch/s390/include/uapi/asm/ptrace.h; {@code lowcore_ptr}
 * and {@code SAMODE31} of arch/s390/kernel/machine_kexec.c.
 */
public final class S390x extends Architecture {
  /** The one of its kind. */
  public static final Architecture INSTANCE = new S390x();

  private S390x() {
    super(Machine.S390, Long.SIZE);
  }

  @Override
  boolean isOf(VmcoreInfo info) {
    return info.symbol("lowcore_ptr").isPresent() || info.get("SAMODE31").isPresent();
  }

  @Override
  public PrStatusLayout prStatus() {
    return PrStatusLayout.of(Long.SIZE)
        .with("psw_mask", "psw_addr")
        .withNumbered("gpr", 16)
        .withNumbered32("acr", 16)
        .with("orig_gpr2")
        .pointer("psw_addr");
  }
}
