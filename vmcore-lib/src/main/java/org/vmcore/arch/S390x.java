package org.vmcore.arch;

import java.util.List;
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
  List<String> ownKeys() {
    return List.of("SYMBOL(lowcore_ptr)", "SAMODE31", "IDENTITYBASE");
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
