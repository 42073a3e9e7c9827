package org.vmcore.arch;

import java.util.List;
import org.vmcore.elf.bytes.PrStatusLayout;

/**
 * riscv64.
 *
 * <p>Sources: Linux' {@code struct user_regs_struct} of arch/riscv/include/uapi/asm/ptrace.h;
 * {@code phys_ram_base} and {@code va_kernel_pa_offset} of arch/riscv/kernel/vmcore_info.c.
 */
public final class Riscv64 extends Architecture {
  /** The one of its kind. */
  public static final Architecture INSTANCE = new Riscv64();

  private Riscv64() {
    super(Machine.RISCV, Long.SIZE);
  }

  @Override
  List<String> ownKeys() {
    return List.of(
        "NUMBER(phys_ram_base)", "NUMBER(va_kernel_pa_offset)", "NUMBER(KERNEL_LINK_ADDR)");
  }

  @Override
  public PrStatusLayout prStatus() {
    return PrStatusLayout.of(Long.SIZE)
        .with("pc", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1")
        .withNumbered("a", 8)
        .with("s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11")
        .with("t3", "t4", "t5", "t6")
        .pointer("pc");
  }
}
