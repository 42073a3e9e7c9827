package org.vmcore.elf;

import org.vmcore.values.Described;

/**
 * A CPU register.
 *
 * @param name in lower case, as the kernel's {@code struct pt_regs} or {@code user_regs_struct} has
 *     it
 * @param value its bits
 */
public record Register(String name, long value) {
  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("Register").add("name", name).hex("value", value).toString();
  }
}
