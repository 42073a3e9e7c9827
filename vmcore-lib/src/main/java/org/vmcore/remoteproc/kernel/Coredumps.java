package org.vmcore.remoteproc.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.objects.Members;
import org.vmcore.kernel.reading.Gap;
import org.vmcore.kernel.symbols.Symbol;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * Finds the devices' coredumps that user space hasn't released, those of remote processors among
 * them.
 *
 * <p>Source: drivers/base/devcoredump.c.
 */
final class Coredumps {
  private static final String ENTRY = "devcd_entry";

  private final KernelObjects objects;
  private final Devices devices;
  private final Parts parts;

  Coredumps(KernelObjects objects, Devices devices, Parts parts) {
    this.objects = objects;
    this.devices = devices;
    this.parts = parts;
  }

  /** The coredumps in {@code sysfs}, by the address of the device that failed. */
  Map<Long, List<PendingCoredump>> of(Sysfs sysfs) throws VmcoreException {
    Map<Long, List<PendingCoredump>> byDevice = new HashMap<>();
    if (!objects.has(ENTRY, "devcd_dev")) {
      return byDevice;
    }
    long kobject = objects.offset(ENTRY, "devcd_dev") + objects.offset("device", "kobj");
    for (long each : new LinkedHashSet<>(sysfs.ofClass("devcoredump"))) {
      long entry = each - kobject;
      try {
        add(entry, byDevice);
      } catch (VmcoreException e) {
        parts.add(Gap.of(Parts.CHECK, "devcd_entry at " + Hex.of(entry), e));
      }
    }
    return byDevice;
  }

  private void add(long entry, Map<Long, List<PendingCoredump>> byDevice) throws VmcoreException {
    Members members = new Members(objects, ENTRY);
    int data = members.get("data");
    int size = members.get("datalen");
    int read = members.get("read");
    int failing = members.get("failing_dev");
    Members.Values values = members.read(entry);
    PendingCoredump coredump =
        new PendingCoredump(
            entry,
            devices.at(entry + objects.offset(ENTRY, "devcd_dev")).name(),
            form(values.number(read)),
            values.number(data),
            values.number(size));
    long device = values.number(failing);
    if (isDevice(device, coredump)) {
      byDevice.computeIfAbsent(device, _ -> new ArrayList<>()).add(coredump);
    }
  }

  /** Whether there is a device; what has none that can be read belongs to nobody. */
  private boolean isDevice(long address, PendingCoredump coredump) {
    try {
      devices.at(address);
      return true;
    } catch (VmcoreException e) {
      String what = "coredump " + coredump.name() + " at " + Hex.of(coredump.address());
      parts.add(Gap.of(Parts.CHECK, what + ": its device can't be read", e));
      return false;
    }
  }

  /** By the function that reads it, whose name a build may have added to. */
  private PendingCoredump.Form form(long read) throws VmcoreException {
    Optional<Symbol> symbol = objects.symbols().nearest(read);
    String name = symbol.isPresent() && symbol.get().address() == read ? symbol.get().name() : "";
    String plain = name.indexOf('.') < 0 ? name : name.substring(0, name.indexOf('.'));
    return switch (plain) {
      case "devcd_readv" -> PendingCoredump.Form.COPIED;
      case "rproc_coredump_read" -> PendingCoredump.Form.INLINE;
      default -> PendingCoredump.Form.OTHER;
    };
  }
}
