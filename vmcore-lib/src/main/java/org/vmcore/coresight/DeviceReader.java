package org.vmcore.coresight;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.vmcore.kernel.objects.KernelObject;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.types.EnumType;
import org.vmcore.kernel.types.Member;
import org.vmcore.kernel.types.PointerType;
import org.vmcore.kernel.types.StructType;
import org.vmcore.kernel.types.Type;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * Reads struct coresight_device by the kernel's types, and by its driver's data how a tracer is set
 * up. What can't be read of it isn't known.
 *
 * <p>Source: include/linux/coresight.h, drivers/hwtracing/coresight/coresight-etm4x.h.
 */
final class DeviceReader {
  private static final String DEVICE = "coresight_device";
  private static final String ETM4 = "etmv4_drvdata";
  private static final String KIND = "CORESIGHT_DEV_TYPE_";
  private static final int LONGEST_NAME = 128;

  private final KernelObjects objects;
  private final Optional<StructType> type;
  private final Optional<String> nodePointer;

  DeviceReader(KernelObjects objects) throws VmcoreException {
    this.objects = objects;
    this.type = objects.types().struct(DEVICE);
    this.nodePointer = type.isPresent() ? nodePointer(type.get()) : Optional.empty();
  }

  /** The member that points to the device's node. */
  private static Optional<String> nodePointer(StructType device) throws VmcoreException {
    for (Member member : device.members()) {
      Type plain = member.type().plain();
      if (plain instanceof PointerType pointer
          && pointer.target().plain() instanceof StructType target
          && (target.tag().equals(NodeLayout.DUMP_NODE)
              || target.tag().equals(NodeLayout.KDUMP_NODE))) {
        return Optional.of(member.name());
      }
    }
    return Optional.empty();
  }

  /** What is known of the device of {@code node}; empty where nothing tells of its structure. */
  Optional<CoresightDevice> read(long csdev, long node) {
    if (csdev == 0 || type.isEmpty()) {
      return Optional.empty();
    }
    KernelObject device = objects.at(csdev, type.get());
    return Optional.of(
        new CoresightDevice(
            name(device), kind(device), pointsBack(device, node), present(device, csdev)));
  }

  /**
   * Why there is no device at {@code csdev} any more, in one line; empty when there may be one.
   *
   * @param device what was read there
   */
  Optional<String> gone(long csdev, Optional<CoresightDevice> device) throws VmcoreException {
    if (csdev == 0) {
      return Optional.empty();
    }
    String start = "its device is gone: csdev " + Hex.of(csdev);
    if (objects.reader().memory().extentAt(csdev).state() == PageState.NOT_RAM) {
      return Optional.of(start + ": " + objects.reader().memory().absenceAt(csdev));
    }
    boolean isOther =
        device.isPresent()
            && !device.get().pointsBack().orElse(true)
            && device.get().name().isEmpty();
    return isOther
        ? Optional.of(start + " has no name and doesn't point back to the node")
        : Optional.empty();
  }

  private static Optional<String> name(KernelObject device) {
    try {
      String name = device.text("dev.kobj.name");
      return name.isEmpty()
          ? Optional.empty()
          : Optional.of(name.substring(0, Math.min(name.length(), LONGEST_NAME)));
    } catch (VmcoreException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> kind(KernelObject device) {
    try {
      KernelObject kind = device.get("type");
      if (kind.type().plain() instanceof EnumType values) {
        Optional<String> name = values.nameOf(kind.number());
        return name.map(DeviceReader::plain);
      }
    } catch (VmcoreException e) {
      // Where it can't be read the kind isn't known.
    }
    return Optional.empty();
  }

  private static String plain(String enumerator) {
    String bare = enumerator.startsWith(KIND) ? enumerator.substring(KIND.length()) : enumerator;
    return bare.equals("LINKSINK") ? "link-sink" : bare.toLowerCase(Locale.ROOT);
  }

  private Optional<Boolean> pointsBack(KernelObject device, long node) {
    try {
      return nodePointer.isEmpty()
          ? Optional.empty()
          : Optional.of(device.number(nodePointer.get()) == node);
    } catch (VmcoreException e) {
      return Optional.empty();
    }
  }

  /** The registers of an ETMv4, when its driver's data is found. */
  private Map<String, Long> present(KernelObject device, long csdev) {
    Map<String, Long> registers = new HashMap<>();
    try {
      if (objects.has(ETM4, "csdev") && device.has("dev.parent")) {
        KernelObject data = objects.at(device.number("dev.parent.driver_data"), ETM4);
        if (data.number("csdev") == csdev) {
          put(registers, "TRCCONFIGR", data, "config.cfg");
          put(registers, "TRCTRACEIDR", data, "trcid");
        }
      }
    } catch (VmcoreException e) {
      registers.clear(); // the driver's data isn't there
    }
    return registers;
  }

  private static void put(
      Map<String, Long> registers, String name, KernelObject data, String member)
      throws VmcoreException {
    if (data.has(member)) {
      registers.put(name, data.number(member));
    }
  }
}
