package org.vmcore.elf;

import org.vmcore.values.Described;

/**
 * {@code struct vmcoredd_header} behind its note header: a device driver's own dump
 * (include/uapi/linux/vmcore.h).
 *
 * @param name dump_name, at most 44 bytes
 * @param dataOffset of the dump's data, an offset in the image in bytes
 * @param dataSize of the data in bytes, the driver's padding to a page included
 */
public record Vmcoredd(String name, long dataOffset, long dataSize) {
  /** The size of dump_name in bytes. */
  public static final int NAME_SIZE = 44;

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("Vmcoredd")
        .add("name", name)
        .hex("dataOffset", dataOffset)
        .hex("dataSize", dataSize)
        .toString();
  }
}
