package org.vmcore.kernel.symbols;

import org.vmcore.values.Described;

/**
 * A module of the kernel.
 *
 * @param name as {@code lsmod} shows it
 * @param address of its {@code struct module}
 * @param state {@code module.state}: 0 live, 1 coming, 2 going, 3 unformed
 */
public record KernelModule(String name, long address, int state) {
  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("KernelModule")
        .add("name", name)
        .hex("address", address)
        .add("state", state)
        .toString();
  }
}
