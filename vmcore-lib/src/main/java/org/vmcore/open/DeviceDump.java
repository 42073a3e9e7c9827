package org.vmcore.open;

import java.nio.charset.StandardCharsets;
import org.vmcore.elf.Vmcoredd;
import org.vmcore.memory.Memory;
import org.vmcore.values.Described;

/**
 * What a device's driver adds to a vmcore while it is built (vmcore_add_device_dump of
 * fs/proc/vmcore.c).
 *
 * @param name dump_name: 1 to 43 bytes
 * @param size of the data in bytes, at least 1
 * @param data holds the data from address 0 on; must be readable as long as the vmcore is open
 */
public record DeviceDump(String name, long size, Memory data) {
  /** The size of struct vmcoredd_header in bytes. */
  public static final int HEADER_SIZE = 64;

  /** The most that n_descsz, 32 bits, can tell, less a page of padding. */
  private static final long MAX_SIZE = (1L << 32) - (2L << 20);

  /**
   * @throws IllegalArgumentException as the kernel refuses it with EINVAL: when the name is empty
   *     or doesn't fit, or the size is 0 or doesn't fit n_descsz
   */
  public DeviceDump {
    int length = name.getBytes(StandardCharsets.UTF_8).length;
    if (length == 0 || length >= Vmcoredd.NAME_SIZE) {
      throw new IllegalArgumentException(
          "a device dump's name takes 1 to 43 bytes, not " + length + " (EINVAL)");
    }
    if (size <= 0 || size > MAX_SIZE) {
      throw new IllegalArgumentException(
          "a device dump of " + size + " bytes: 1 to " + MAX_SIZE + " are possible (EINVAL)");
    }
  }

  /** What the dump takes up in the image: header and data, in whole pages, in bytes. */
  public long imageSize(long page) {
    return (HEADER_SIZE + size + page - 1) & -page;
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("DeviceDump")
        .add("name", name)
        .hex("size", size)
        .add("data", data)
        .toString();
  }
}
