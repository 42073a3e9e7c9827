package org.vmcore.arch;

import java.util.OptionalLong;
import org.vmcore.memory.AddressRange;

/**
 * An architecture whose crash kernel finds the elfcorehdr in its device tree. (That of riscv64 may
 * have the boot parameter, too: kexec_file_load gives both, kexec-tools the device tree alone.)
 */
abstract class DeviceTreeArchitecture extends PreparedArchitecture {
  private static final long PAGE = 4096;

  /**
   * @param number e_machine
   * @param bits of its words: 32 or 64
   */
  DeviceTreeArchitecture(int number, int bits) {
    super(number, bits);
  }

  @Override
  public final boolean isDeviceTreeUsed() {
    return true;
  }

  /** As high as there is room. */
  @Override
  public final OptionalLong elfcorehdrIn(AddressRange region, long size) {
    return OptionalLong.of((region.end() - size) & -PAGE);
  }
}
