package org.vmcore.remoteproc.kernel;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.vmcore.values.Described;

/**
 * A remote processor: {@code struct rproc}.
 *
 * @param address of the structure, kernel virtual
 * @param device {@code remoteproc0}
 * @param name what its driver calls it; empty when it can't be read
 * @param firmware the file that it is started with; empty when it can't be read
 * @param state as {@code /sys/class/remoteproc} has it: {@code offline}, {@code running}, {@code
 *     crashed}; a number where the kernel's types don't name it. While an inline coredump is read
 *     it is offline
 * @param isRecoveryEnabled whether it is started again when it crashes
 * @param dumpMode what becomes of its memory when it crashes: {@code disabled}, {@code enabled},
 *     {@code inline}; empty before 5.9, when there was no choice
 * @param crashCount how often it crashed
 * @param power how many users keep it started
 * @param references how many hold its device
 * @param bootAddress where it starts, by its own addresses
 * @param elfClass that of its coredumps: 1 for ELF32, 2 for ELF64, 0 for not set; empty before 5.7
 * @param machine {@code e_machine} of its coredumps
 * @param vdevs those that its firmware offers, while it is started
 * @param virtioDevices those of it that are in memory, ghosts included
 * @param hasOwnMapping whether its driver has a function of its own that maps its addresses
 */
public record RemoteProcessor(
    long address,
    String device,
    String name,
    String firmware,
    String state,
    boolean isRecoveryEnabled,
    Optional<String> dumpMode,
    long crashCount,
    long power,
    long references,
    long bootAddress,
    OptionalInt elfClass,
    OptionalInt machine,
    List<DumpSegment> segments,
    List<Carveout> carveouts,
    List<Vdev> vdevs,
    List<VirtioDevice> virtioDevices,
    List<PendingCoredump> coredumps,
    boolean hasOwnMapping) {
  /** Unmodifiable copies of the lists are kept. */
  public RemoteProcessor {
    segments = List.copyOf(segments);
    carveouts = List.copyOf(carveouts);
    vdevs = List.copyOf(vdevs);
    virtioDevices = List.copyOf(virtioDevices);
    coredumps = List.copyOf(coredumps);
  }

  /** The virtio devices of it that were taken off the bus and are held still. */
  public List<VirtioDevice> ghosts() {
    return virtioDevices.stream().filter(VirtioDevice::isGhost).toList();
  }

  /**
   * How many bytes the file of {@code coredump} has, by what the segments say; {@link
   * Long#MAX_VALUE} where they say more than that.
   */
  public long sizeOf(PendingCoredump coredump) {
    long size = coredump.size();
    if (coredump.form() == PendingCoredump.Form.INLINE) {
      for (DumpSegment segment : segments) {
        size = segment.size() < 0 || size < 0 ? -1 : size + segment.size();
      }
    }
    return size < 0 ? Long.MAX_VALUE : size;
  }

  /** The same, with what was found of it elsewhere in memory. */
  RemoteProcessor with(List<VirtioDevice> virtio, List<PendingCoredump> pending) {
    return new RemoteProcessor(
        address,
        device,
        name,
        firmware,
        state,
        isRecoveryEnabled,
        dumpMode,
        crashCount,
        power,
        references,
        bootAddress,
        elfClass,
        machine,
        segments,
        carveouts,
        vdevs,
        virtio,
        pending,
        hasOwnMapping);
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("RemoteProcessor")
        .hex("address", address)
        .add("device", device)
        .add("name", name)
        .add("firmware", firmware)
        .add("state", state)
        .add("isRecoveryEnabled", isRecoveryEnabled)
        .add("dumpMode", dumpMode)
        .add("crashCount", crashCount)
        .hex("power", power)
        .add("references", references)
        .hex("bootAddress", bootAddress)
        .add("elfClass", elfClass)
        .add("machine", machine)
        .add("segments", segments)
        .add("carveouts", carveouts)
        .add("vdevs", vdevs)
        .add("virtioDevices", virtioDevices)
        .add("coredumps", coredumps)
        .add("hasOwnMapping", hasOwnMapping)
        .toString();
  }
}
