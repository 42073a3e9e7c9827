package org.vmcore.remoteproc.kernel;

import org.vmcore.values.Described;

/**
 * A part of a remote processor's memory that its coredump has: {@code struct rproc_dump_segment}.
 *
 * @param address of the structure, kernel virtual
 * @param da where the part lies, by the remote processor's own addresses
 * @param size in bytes
 * @param dump the address of the driver's function that copies it; 0 where the kernel does
 */
public record DumpSegment(long address, long da, long size, long dump) {
  /** Whether the driver copies it by a function of its own. */
  public boolean isCustom() {
    return dump != 0;
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("DumpSegment")
        .hex("address", address)
        .hex("da", da)
        .hex("size", size)
        .hex("dump", dump)
        .toString();
  }
}
