package org.vmcore.remoteproc.kernel;

import org.vmcore.values.Described;

/**
 * A virtio device of a remote processor that is in memory: {@code struct virtio_device}.
 *
 * @param address of the structure, kernel virtual
 * @param name {@code virtio3}: its successor may have the same
 * @param id of the kind of device, 7 for rpmsg
 * @param references how many hold it; 1 is the first one's, who made it
 * @param isRegistered whether it is in sysfs, and so on the bus
 * @param hasDriver whether a driver is bound to it
 * @param queues how many virtqueues it has
 * @param parent the name of the device above it
 * @param parentReferences how many hold that one
 */
public record VirtioDevice(
    long address,
    String name,
    long id,
    long references,
    boolean isRegistered,
    boolean hasDriver,
    long queues,
    String parent,
    long parentReferences) {
  /**
   * Whether it is a ghost: it was taken off the bus, when the remote processor was stopped, and
   * someone holds it still. It collides with the one that the next start makes.
   */
  public boolean isGhost() {
    return references > 0 && !isRegistered && !hasDriver;
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("VirtioDevice")
        .hex("address", address)
        .add("name", name)
        .add("id", id)
        .add("references", references)
        .add("isRegistered", isRegistered)
        .add("hasDriver", hasDriver)
        .add("queues", queues)
        .add("parent", parent)
        .add("parentReferences", parentReferences)
        .toString();
  }
}
