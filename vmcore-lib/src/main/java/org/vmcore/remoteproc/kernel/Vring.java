package org.vmcore.remoteproc.kernel;

import org.vmcore.values.Described;

/**
 * A queue between a remote processor and this one: {@code struct rproc_vring}.
 *
 * @param entries how many buffers it has
 * @param alignment in bytes
 * @param notifyId by which either side rings the other
 * @param virtqueue the address of the {@code struct virtqueue}, kernel virtual; 0 where no driver
 *     uses it
 */
public record Vring(long entries, long alignment, long notifyId, long virtqueue) {
  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("Vring")
        .add("entries", entries)
        .hex("alignment", alignment)
        .add("notifyId", notifyId)
        .hex("virtqueue", virtqueue)
        .toString();
  }
}
