package org.vmcore.remoteproc.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.kernel.objects.KernelObject;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.types.ArrayType;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Printable;

/** Reads what stands in a remote processor's lists. Source: include/linux/remoteproc.h. */
final class PartReaders {
  private static final int MAX_VRINGS = 16;

  private final KernelObjects objects;
  private final Devices devices;

  PartReaders(KernelObjects objects, Devices devices) {
    this.objects = objects;
    this.devices = devices;
  }

  DumpSegment segment(long address) throws VmcoreException {
    KernelObject segment = objects.at(address, "rproc_dump_segment");
    return new DumpSegment(
        address, segment.number("da"), segment.number("size"), number(segment, "dump"));
  }

  Carveout carveout(long address) throws VmcoreException {
    KernelObject entry = objects.at(address, "rproc_mem_entry");
    return new Carveout(
        address,
        entry.has("name") ? Printable.utf8(entry.text("name")) : "",
        entry.number("da"),
        entry.number("len"),
        entry.number("va"),
        entry.number("dma"),
        number(entry, "is_iomem") != 0);
  }

  /** The number of a member that not every kernel has; 0 where it hasn't. */
  private static long number(KernelObject object, String... names) throws VmcoreException {
    for (String name : names) {
      if (object.has(name)) {
        return object.number(name);
      }
    }
    return 0;
  }

  Vdev vdev(long address) throws VmcoreException {
    KernelObject vdev = objects.at(address, "rproc_vdev");
    Optional<Device> device = device(vdev);
    return new Vdev(
        address,
        number(vdev, "index"),
        vdev.number("id"),
        device.map(Device::name).orElse(""),
        device.map(Device::references).orElse(0L),
        vrings(vdev));
  }

  /** Since 6.1 a platform device of its own, before that a member. */
  private Optional<Device> device(KernelObject vdev) throws VmcoreException {
    if (vdev.has("pdev")) {
      long platform = vdev.number("pdev");
      return platform == 0
          ? Optional.empty()
          : Optional.of(devices.at(platform + objects.offset("platform_device", "dev")));
    }
    Optional<KernelObject> own = vdev.find("dev");
    return own.isEmpty() ? Optional.empty() : Optional.of(devices.at(own.get().address()));
  }

  private static List<Vring> vrings(KernelObject vdev) throws VmcoreException {
    List<Vring> vrings = new ArrayList<>();
    KernelObject array = vdev.get("vring");
    long count =
        array.type().plain() instanceof ArrayType type ? Math.min(type.count(), MAX_VRINGS) : 0;
    for (int i = 0; i < count; i++) {
      KernelObject vring = array.element(i).orElseThrow();
      long entries = number(vring, "num", "len");
      if (entries != 0) {
        vrings.add(
            new Vring(
                entries, vring.number("align"), vring.number("notifyid"), vring.number("vq")));
      }
    }
    return vrings;
  }
}
