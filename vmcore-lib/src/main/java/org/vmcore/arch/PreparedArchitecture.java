package org.vmcore.arch;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.fdt.DeviceTree;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;

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
  public boolean isDeviceTreeUsed() {
    return false;
  }

  /**
   * Where kexec puts the elfcorehdr in the crash kernel's memory: physical; empty where that
   * depends on what else is loaded.
   *
   * @param size of the elfcorehdr in bytes, at most that of the region
   */
  public abstract OptionalLong elfcorehdrIn(AddressRange region, long size);

  /** Whether the kernel keeps the first MiB out of the crash headers. */
  public boolean isFirstMibExcluded() {
    return false;
  }

  /** Whether the kernel's image has a PT_LOAD of its own; else it is in the direct map alone. */
  public boolean isImageDescribed() {
    return true;
  }

  /** RAM that purgatory always copies, so that it has a PT_LOAD of its own: physical. */
  public Optional<AddressRange> backedUp() {
    return Optional.empty();
  }

  /**
   * Whether memory of the firmware, of which the device tree tells, is described though it is the
   * crash kernel's.
   */
  public boolean isFirmwareDescribed() {
    return false;
  }

  /**
   * The firmware's memory, physical: none unless {@link #isFirmwareDescribed}.
   *
   * @param file the device tree, named in errors
   */
  public List<AddressRange> firmware(String file, DeviceTree tree) throws VmcoreException {
    return List.of();
  }
}
