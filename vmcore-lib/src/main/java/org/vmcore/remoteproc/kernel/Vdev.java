package org.vmcore.remoteproc.kernel;

import java.util.List;
import org.vmcore.values.Described;

/**
 * A virtio device that the firmware offers: {@code struct rproc_vdev}. The {@link VirtioDevice} is
 * made anew at each start of the remote processor.
 *
 * @param address of the structure, kernel virtual
 * @param index its place among the firmware's
 * @param id of the kind of device, 7 for rpmsg
 * @param device the name of the device that is the parent of the virtio device; empty when unknown
 * @param references how many hold that one
 */
public record Vdev(
    long address, long index, long id, String device, long references, List<Vring> vrings) {
  /** An unmodifiable copy of the vrings is kept. */
  public Vdev {
    vrings = List.copyOf(vrings);
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("Vdev")
        .hex("address", address)
        .add("index", index)
        .add("id", id)
        .add("device", device)
        .add("references", references)
        .add("vrings", vrings)
        .toString();
  }
}
