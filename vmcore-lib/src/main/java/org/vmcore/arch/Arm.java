package org.vmcore.arch;

import java.util.List;
import org.vmcore.elf.bytes.PrStatusLayout;

/**
 * arm, with words of 32 bits.
 *
 * <p>Sources: Linux' {@code ARM_r0} and the others of arch/arm/include/uapi/asm/ptrace.h; {@code
 * CONFIG_ARM_LPAE} of arch/arm/kernel/machine_kexec.c.
 */
public final class Arm extends Architecture {
  /** The one of its kind. */
  public static final Architecture INSTANCE = new Arm();

  private Arm() {
    super(Machine.ARM, Integer.SIZE);
  }

  @Override
  List<String> ownKeys() {
    return List.of("CONFIG_ARM_LPAE");
  }

  @Override
  public PrStatusLayout prStatus() {
    return PrStatusLayout.of(Integer.SIZE)
        .withNumbered("r", 11)
        .with("fp", "ip", "sp", "lr", "pc", "cpsr", "orig_r0")
        .pointer("pc");
  }
}
