package org.vmcore.remoteproc.kernel;

import java.util.OptionalLong;
import org.vmcore.values.Described;

/**
 * Memory that a remote processor was given: {@code struct rproc_mem_entry}.
 *
 * @param address of the structure, kernel virtual
 * @param name as its driver or firmware calls it; empty before 4.20
 * @param da where the remote processor sees it; the kernel keeps 32 bits of it
 * @param size in bytes
 * @param va where the kernel sees it, a virtual address; 0 where it isn't mapped
 * @param dma its bus address; 0 where there is none
 * @param isIomem whether it is a device's memory, and not RAM
 */
public record Carveout(
    long address, String name, long da, long size, long va, long dma, boolean isIomem) {
  /**
   * Where the kernel finds {@code length} bytes at device address {@code at} in it, as {@code
   * rproc_da_to_va} does: the distance is cut to 32 bits, signed.
   */
  OptionalLong find(long at, long length) {
    int behind = (int) (at - da);
    boolean isIn = va != 0 && behind >= 0 && behind + length <= size;
    return isIn ? OptionalLong.of(va + behind) : OptionalLong.empty();
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("Carveout")
        .hex("address", address)
        .add("name", name)
        .hex("da", da)
        .hex("size", size)
        .hex("va", va)
        .hex("dma", dma)
        .add("isIomem", isIomem)
        .toString();
  }
}
