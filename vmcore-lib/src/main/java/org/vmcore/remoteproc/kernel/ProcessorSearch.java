package org.vmcore.remoteproc.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.reading.Gap;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/** Reads the remote processors, and puts to each what is found of it elsewhere in memory. */
final class ProcessorSearch {
  private final Vmcore vmcore;
  private final KernelObjects objects;
  private final Devices devices;
  private final Parts parts;
  private boolean isUnknown;

  ProcessorSearch(Vmcore vmcore, KernelObjects objects, Parts parts) throws VmcoreException {
    this.vmcore = vmcore;
    this.objects = objects;
    this.devices = new Devices(objects);
    this.parts = parts;
  }

  /**
   * All of them, the last one registered first.
   *
   * @param list where the head of their list lies, when the caller knows
   */
  List<RemoteProcessor> read(OptionalLong list) throws VmcoreException {
    Optional<Sysfs> sysfs = sysfs();
    ProcessorList addresses = new ProcessorList(objects, devices, sysfs, parts);
    List<RemoteProcessor> bare = bare(addresses.find(list));
    isUnknown = addresses.isUnknown();
    Map<Long, List<VirtioDevice>> virtio = virtio(bare);
    Map<Long, List<PendingCoredump>> pending = pending(bare, sysfs);
    if (sysfs.isPresent()) {
      sysfs.get().gaps().forEach(parts::add);
    }
    List<RemoteProcessor> all = new ArrayList<>();
    for (RemoteProcessor rproc : bare) {
      long device = rproc.address() + objects.offset("rproc", "dev");
      all.add(
          rproc.with(
              virtio.getOrDefault(rproc.address(), List.of()),
              pending.getOrDefault(device, List.of())));
    }
    return all;
  }

  /** Whether there are none because nothing led to their list. */
  boolean isUnknown() {
    return isUnknown;
  }

  private Optional<Sysfs> sysfs() throws VmcoreException {
    try {
      return Sysfs.of(objects);
    } catch (VmcoreException e) {
      parts.add(Gap.of(Parts.CHECK, "sysfs", e));
      return Optional.empty();
    }
  }

  private List<RemoteProcessor> bare(List<Long> addresses) throws VmcoreException {
    ProcessorReader reader = new ProcessorReader(objects, devices, parts);
    List<RemoteProcessor> all = new ArrayList<>();
    for (long address : addresses) {
      try {
        all.add(reader.at(address));
      } catch (VmcoreException e) {
        parts.add(Gap.of(Parts.CHECK, "remote processor at " + Hex.of(address), e));
      }
    }
    return all;
  }

  private Map<Long, List<VirtioDevice>> virtio(List<RemoteProcessor> rprocs)
      throws VmcoreException {
    boolean isKnown = objects.has("virtio_device", "vqs");
    return rprocs.isEmpty() || !isKnown
        ? Map.of()
        : new VirtioDevices(objects, devices, parts).of(rprocs, vmcore, vmcore.search());
  }

  private Map<Long, List<PendingCoredump>> pending(
      List<RemoteProcessor> rprocs, Optional<Sysfs> sysfs) throws VmcoreException {
    return rprocs.isEmpty() || sysfs.isEmpty()
        ? Map.of()
        : new Coredumps(objects, devices, parts).of(sysfs.get());
  }
}
