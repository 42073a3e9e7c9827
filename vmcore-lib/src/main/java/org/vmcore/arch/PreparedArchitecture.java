package org.vmcore.arch;

import org.vmcore.memory.AddressRange;

/** An architecture for whose kernels crash headers can be prepared. */
public abstract class PreparedArchitecture extends Architecture {
  /**
   * @param number e_machine
   * @param bits of its words: 32 or 64
   */
  PreparedArchitecture(int number, int bits) {
    super(number, bits);
  }

  /**
   * Whether the crash kernel finds the elfcorehdr and its memory in the device tree; else in a boot
   * parameter.
   */
  public abstract boolean isDeviceTreeUsed();

  /**
   * Where kexec puts the elfcorehdr in the crash kernel's memory: physical.
   *
   * @param size of the elfcorehdr in bytes, at most that of the region
   */
  public abstract long elfcorehdrIn(AddressRange region, long size);

  /** Whether the kernel keeps the first MiB out of the crash headers. */
  public abstract boolean isFirstMibExcluded();
}
