package org.vmcore.remoteproc.kernel;

/**
 * A queue between a remote processor and this one: {@code struct rproc_vring}.
 *
 * @param entries how many buffers it has
 * @param alignment in bytes
 * @param notifyId by which either side rings the other
 * @param virtqueue the address of the {@code struct virtqueue}, kernel virtual; 0 where no driver
 *     uses it
 */
public record Vring(long entries, long alignment, long notifyId, long virtqueue) {}
