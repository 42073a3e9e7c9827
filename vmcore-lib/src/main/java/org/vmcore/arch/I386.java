package org.vmcore.arch;

import java.util.List;
import org.vmcore.elf.bytes.PrStatusLayout;

/**
 * i386: x86 with words of 32 bits.
 *
 * <p>Sources: Linux' {@code struct user_regs_struct} of asm/user_32.h; {@code CONFIG_X86_PAE} of
 * arch/x86/kernel/vmcore_info_32.c.
 */
public final class I386 extends Architecture {
  /** The one of its kind. */
  public static final Architecture INSTANCE = new I386();

  private I386() {
    super(Machine.I386, Integer.SIZE);
  }

  @Override
  List<String> ownKeys() {
    return List.of("CONFIG_X86_PAE");
  }

  @Override
  public PrStatusLayout prStatus() {
    return PrStatusLayout.of(Integer.SIZE)
        .with("ebx", "ecx", "edx", "esi", "edi", "ebp", "eax", "ds", "es", "fs", "gs", "orig_eax")
        .with("eip", "cs", "eflags", "esp", "ss")
        .pointer("eip");
  }
}
