package org.vmcore.remoteproc.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.vmcore.Vmcore;
import org.vmcore.kernel.objects.KernelObject;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.reading.Gap;
import org.vmcore.kernel.walks.WalkKind;
import org.vmcore.kernel.walks.Walks;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.Search;
import org.vmcore.values.Hex;

/**
 * The virtio devices of remote processors: those that a queue leads to, and those that are only in
 * memory. Whose one is tell the devices above it.
 *
 * <p>Source: include/linux/virtio.h.
 */
final class VirtioDevices {
  private static final String DEVICE = "virtio_device";

  /** rproc, its rproc-virtio device and the virtio device are three. */
  private static final int MAX_ABOVE = 4;

  private static final int MAX_QUEUES = 1 << 10;

  private final KernelObjects objects;
  private final Devices devices;
  private final Parts parts;
  private final Walks walks;
  private final long device;

  VirtioDevices(KernelObjects objects, Devices devices, Parts parts) throws VmcoreException {
    this.objects = objects;
    this.devices = devices;
    this.parts = parts;
    this.walks = Walks.of(objects);
    this.device = objects.offset(DEVICE, "dev");
  }

  /** The virtio devices of each of {@code rprocs}, by their addresses. */
  Map<Long, List<VirtioDevice>> of(List<RemoteProcessor> rprocs, Vmcore vmcore, Search search)
      throws VmcoreException {
    Set<Long> found = new LinkedHashSet<>(ofQueues(rprocs));
    VirtioSearch.Found searched = VirtioSearch.search(vmcore, objects, search, release(found));
    searched.gap().ifPresent(parts::add);
    found.addAll(searched.devices());
    Map<Long, List<VirtioDevice>> byOwner = new HashMap<>();
    Map<Long, Long> owners = owners(rprocs);
    for (long each : found) {
      try {
        add(each, owners, byOwner);
      } catch (VmcoreException e) {
        parts.add(Gap.of(Parts.CHECK, "virtio device at " + Hex.of(each), e));
      }
    }
    return byOwner;
  }

  private Map<Long, Long> owners(List<RemoteProcessor> rprocs) throws VmcoreException {
    Map<Long, Long> owners = new HashMap<>();
    for (RemoteProcessor rproc : rprocs) {
      owners.put(rproc.address() + objects.offset("rproc", "dev"), rproc.address());
    }
    return owners;
  }

  private Set<Long> ofQueues(List<RemoteProcessor> rprocs) throws VmcoreException {
    Set<Long> found = new LinkedHashSet<>();
    for (RemoteProcessor rproc : rprocs) {
      for (Vdev vdev : rproc.vdevs()) {
        for (Vring vring : vdev.vrings()) {
          add(vring.virtqueue(), found);
        }
      }
    }
    return found;
  }

  private void add(long queue, Set<Long> found) {
    if (queue == 0) {
      return;
    }
    try {
      found.add(objects.at(queue, "virtqueue").number("vdev"));
    } catch (VmcoreException e) {
      parts.add(Gap.of(Parts.CHECK, "virtqueue at " + Hex.of(queue), e));
    }
  }

  /** The function by which a device that is known is let go. */
  private OptionalLong release(Set<Long> known) {
    for (long each : known) {
      try {
        return OptionalLong.of(devices.at(each + device).release());
      } catch (VmcoreException e) {
        parts.add(Gap.of(Parts.CHECK, "virtio device at " + Hex.of(each), e));
      }
    }
    return OptionalLong.empty();
  }

  private void add(long address, Map<Long, Long> owners, Map<Long, List<VirtioDevice>> byOwner)
      throws VmcoreException {
    Device own = devices.at(address + device);
    if (!own.isInitialized() || own.references() <= 0 || own.parent() == 0) {
      return; // let go: what its memory held is there still
    }
    Device above = devices.at(own.parent());
    Device top = above;
    for (int i = 1; i < MAX_ABOVE && top.parent() != 0 && !owners.containsKey(top.address()); i++) {
      top = devices.at(top.parent());
    }
    Long owner = owners.get(top.address());
    VirtioDevice virtio = read(address, own, above);
    if (owner != null) {
      byOwner.computeIfAbsent(owner, _ -> new ArrayList<>()).add(virtio);
    } else {
      String line =
          virtio.name() + " at " + Hex.of(address) + " is of no remote processor in the list";
      parts.add(Parts.warning(line));
    }
  }

  private VirtioDevice read(long address, Device own, Device above) throws VmcoreException {
    KernelObject virtio = objects.at(address, DEVICE);
    int queues = walks.walk(WalkKind.LIST, virtio.get("vqs").address(), MAX_QUEUES).links().size();
    return new VirtioDevice(
        address,
        own.name(),
        virtio.number("id.device"),
        own.references(),
        own.isInSysfs(),
        own.driver() != 0,
        queues,
        above.name(),
        above.references());
  }
}
