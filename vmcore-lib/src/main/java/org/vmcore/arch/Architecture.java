package org.vmcore.arch;

import java.util.Arrays;
import java.util.Optional;
import org.vmcore.elf.Machine;
import org.vmcore.elf.VmcoreInfo;

/** The architectures whose crash headers can be prepared. */
public enum Architecture {
  /** x86_64: the boot parameter tells where the elfcorehdr is. */
  X86_64(Machine.X86_64),
  /** arm64: the device tree tells where the elfcorehdr is. */
  ARM64(Machine.ARM64);

  private final int machine;

  Architecture(int machine) {
    this.machine = machine;
  }

  /** e_machine. */
  public int machine() {
    return machine;
  }

  /** The kernel's name: {@code x86_64}, {@code arm64}. */
  public String label() {
    return Machine.name(machine);
  }

  /** The architecture of this {@link #label}; empty for any other. */
  public static Optional<Architecture> of(String label) {
    return Arrays.stream(values()).filter(a -> a.label().equals(label)).findFirst();
  }

  /** The architecture of the kernel that tells this; empty when nothing in it does. */
  public static Optional<Architecture> of(VmcoreInfo info) {
    if (info.number("phys_base").isPresent()) {
      return Optional.of(X86_64);
    }
    return info.number("kimage_voffset").isPresent() ? Optional.of(ARM64) : Optional.empty();
  }
}
