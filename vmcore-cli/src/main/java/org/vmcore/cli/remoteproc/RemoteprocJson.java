package org.vmcore.cli.remoteproc;

import java.util.List;
import java.util.Optional;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Json;
import org.vmcore.remoteproc.kernel.Carveout;
import org.vmcore.remoteproc.kernel.DumpSegment;
import org.vmcore.remoteproc.kernel.PendingCoredump;
import org.vmcore.remoteproc.kernel.RemoteProcessor;
import org.vmcore.remoteproc.kernel.Vdev;
import org.vmcore.remoteproc.kernel.VirtioDevice;
import org.vmcore.remoteproc.kernel.Vring;

/** Remote processors in JSON. */
final class RemoteprocJson {
  private static final Fields SEGMENT = new Fields();
  private static final Field SEGMENT_ADDRESS =
      SEGMENT.address("address", "Of its struct rproc_dump_segment.");
  private static final Field SEGMENT_DA =
      SEGMENT.address("da", "Where it lies, by the remote processor's own addresses.");
  private static final Field SEGMENT_SIZE = SEGMENT.size("size", "Its size.");
  private static final Field CUSTOM =
      SEGMENT.flag("custom", "Whether its driver copies it by a function of its own.");
  private static final Field DUMP = SEGMENT.address("dump", "That function.").optional();

  private static final Fields CARVEOUT = new Fields();
  private static final Field CARVEOUT_ADDRESS =
      CARVEOUT.address("address", "Of its struct rproc_mem_entry.");
  private static final Field CARVEOUT_NAME =
      CARVEOUT.text("name", "Its name; empty before kernel 4.20.");
  private static final Field CARVEOUT_DA =
      CARVEOUT.address("da", "Where the remote processor sees it.");
  private static final Field CARVEOUT_SIZE = CARVEOUT.size("size", "Its size.");
  private static final Field VA =
      CARVEOUT.address("va", "Where the kernel sees it, virtual.").optional();
  private static final Field DMA = CARVEOUT.address("dma", "Its bus address.").optional();
  private static final Field IOMEM =
      CARVEOUT.flag("iomem", "Whether it is a device's memory, and not RAM.");

  private static final Fields VRING = new Fields();
  private static final Field ENTRIES = VRING.count("entries", "How many buffers it has.");
  private static final Field ALIGNMENT = VRING.size("alignment", "How it is aligned.");
  private static final Field NOTIFY =
      VRING.number("notify_id", "By which either side rings the other.");
  private static final Field QUEUE =
      VRING.address("virtqueue", "Of its struct virtqueue, where a driver uses it.").optional();

  private static final Fields RVDEV = new Fields();
  private static final Field RVDEV_ADDRESS = RVDEV.address("address", "Of its struct rproc_vdev.");
  private static final Field INDEX = RVDEV.index("index", "Its place among the firmware's.");
  private static final Field RVDEV_ID = RVDEV.number("id", "The kind of device, 7 for rpmsg.");
  private static final Field RVDEV_DEVICE =
      RVDEV.text("device", "The device that is the parent of the virtio device.");
  private static final Field RVDEV_REFERENCES =
      RVDEV.number("references", "How many hold that one.");
  private static final Field VRINGS = RVDEV.records("vrings", VRING, "Its queues.");

  private static final Fields VDEV = new Fields();
  private static final Field VDEV_ADDRESS = VDEV.address("address", "Of its struct virtio_device.");
  private static final Field VDEV_NAME =
      VDEV.text("name", "Its name; a ghost and its successor may have the same.");
  private static final Field VDEV_ID = VDEV.number("id", "The kind of device, 7 for rpmsg.");
  private static final Field REFERENCES = VDEV.number("references", "How many hold it.");
  private static final Field GHOST =
      VDEV.flag("ghost", "Whether it was taken off the bus and is held still.");
  private static final Field REGISTERED = VDEV.flag("registered", "Whether it is in sysfs.");
  private static final Field DRIVER = VDEV.flag("driver", "Whether a driver is bound to it.");
  private static final Field QUEUES = VDEV.count("queues", "How many virtqueues it has.");
  private static final Field PARENT = VDEV.text("parent", "The device above it.");
  private static final Field PARENT_REFERENCES =
      VDEV.number("parent_references", "How many hold that one.");

  private static final Fields COREDUMP = new Fields();
  private static final Field COREDUMP_ADDRESS =
      COREDUMP.address("address", "Of its struct devcd_entry.");
  private static final Field COREDUMP_NAME =
      COREDUMP.text("name", "Its name in /sys/class/devcoredump.");
  private static final Field FORM =
      COREDUMP
          .text(
              "form",
              "Whether its bytes were copied, or are read from the remote processor's memory while"
                  + " its recovery waits; other: by a function that isn't known.")
          .oneOf("copied", "inline", "other");
  private static final Field DATA =
      COREDUMP.address(
          "data",
          "Where its bytes are, virtual; of an inline one the struct rproc_coredump_state.");
  private static final Field COREDUMP_SIZE = COREDUMP.size("size", "The size of its file.");
  private static final Field FILE =
      COREDUMP.text("file", "The file that was written, with --extract.").optional();
  private static final Field MISSING =
      COREDUMP.count("missing_bytes", "How many bytes of that couldn't be had.").optional();

  private static final Fields RPROC = new Fields();
  private static final Field ADDRESS = RPROC.address("address", "Of its struct rproc.");
  private static final Field DEVICE =
      RPROC.text("device", "Its device: remoteproc0. Left out when it can't be read.").optional();
  private static final Field NAME =
      RPROC.text("name", "What its driver calls it. Left out when it can't be read.").optional();
  private static final Field FIRMWARE =
      RPROC
          .text("firmware", "The file that it is started with. Left out when it can't be read.")
          .optional();
  private static final Field STATE =
      RPROC.text(
          "state",
          "As /sys/class/remoteproc has it: offline, suspended, running, crashed, deleted, attached,"
              + " detached; offline, too, while an inline coredump is read. A number where the"
              + " kernel's types have no name for it.");
  private static final Field CRASHES = RPROC.count("crash_count", "How often it crashed.");
  private static final Field RECOVERY =
      RPROC.flag("recovery", "Whether it is started again when it crashes.");
  private static final Field MODE =
      RPROC
          .text(
              "dump_mode",
              "What becomes of its memory when it crashes: disabled, enabled (in 5.9 and 5.10: default),"
                  + " inline. Left out where the kernel has no choice.")
          .optional();
  private static final Field POWER = RPROC.number("power", "How many users keep it started.");
  private static final Field RPROC_REFERENCES =
      RPROC.number("references", "How many hold its device.");
  private static final Field BOOT =
      RPROC.address("bootaddr", "Where it starts, by its own addresses.");
  private static final Field CLASS =
      RPROC.number("elf_class", "Of its coredumps, 32 or 64, when it is set.").optional();
  private static final Field MACHINE =
      RPROC.number("machine", "e_machine of its coredumps.").optional();
  private static final Field SEGMENTS =
      RPROC.records("segments", SEGMENT, "What its coredump has, in that order.");
  private static final Field CARVEOUTS =
      RPROC.records("carveouts", CARVEOUT, "The memory that it was given.");
  private static final Field RVDEVS =
      RPROC.records("rvdevs", RVDEV, "The virtio devices that its firmware offers.");
  private static final Field VDEVS =
      RPROC.records("vdevs", VDEV, "The virtio devices of it that are in memory, ghosts included.");
  private static final Field COREDUMPS =
      RPROC.records("coredumps", COREDUMP, "Its coredumps that nobody has released.");

  static final Fields FIELDS = Fields.ofDump();
  private static final Field RPROCS =
      FIELDS.records("rprocs", RPROC, "The remote processors, the last one registered first.");

  private final Json json;
  private final Extraction extraction;

  RemoteprocJson(Json json, Extraction extraction) {
    this.json = json;
    this.extraction = extraction;
  }

  void put(List<RemoteProcessor> rprocs) {
    json.array(RPROCS);
    for (RemoteProcessor each : rprocs) {
      json.object();
      put(each);
      json.end();
    }
    json.end();
  }

  private void put(RemoteProcessor rproc) {
    json.put(ADDRESS, rproc.address());
    put(DEVICE, rproc.device());
    put(NAME, rproc.name());
    put(FIRMWARE, rproc.firmware());
    json.put(STATE, rproc.state());
    json.put(CRASHES, rproc.crashCount()).put(RECOVERY, rproc.isRecoveryEnabled());
    if (rproc.dumpMode().isPresent()) {
      json.put(MODE, rproc.dumpMode().get());
    }
    json.put(POWER, rproc.power()).put(RPROC_REFERENCES, rproc.references());
    json.put(BOOT, rproc.bootAddress());
    if (rproc.elfClass().orElse(0) > 0) {
      json.put(CLASS, 32L * rproc.elfClass().getAsInt());
    }
    if (rproc.machine().isPresent()) {
      json.put(MACHINE, rproc.machine().getAsInt());
    }
    lists(rproc);
  }

  private void lists(RemoteProcessor rproc) {
    json.array(SEGMENTS);
    rproc.segments().forEach(this::put);
    json.end().array(CARVEOUTS);
    rproc.carveouts().forEach(this::put);
    json.end().array(RVDEVS);
    rproc.vdevs().forEach(this::put);
    json.end().array(VDEVS);
    rproc.virtioDevices().forEach(this::put);
    json.end().array(COREDUMPS);
    for (PendingCoredump coredump : rproc.coredumps()) {
      put(coredump, rproc.sizeOf(coredump));
    }
    json.end();
  }

  private void put(DumpSegment segment) {
    json.object().put(SEGMENT_ADDRESS, segment.address()).put(SEGMENT_DA, segment.da());
    json.put(SEGMENT_SIZE, segment.size()).put(CUSTOM, segment.isCustom());
    put(DUMP, segment.dump());
    json.end();
  }

  /** An address, where there is one. */
  private void put(Field field, long address) {
    if (address != 0) {
      json.put(field, address);
    }
  }

  /** A text, where there is one. */
  private void put(Field field, String text) {
    if (!text.isEmpty()) {
      json.put(field, text);
    }
  }

  private void put(Carveout carveout) {
    json.object().put(CARVEOUT_ADDRESS, carveout.address()).put(CARVEOUT_NAME, carveout.name());
    json.put(CARVEOUT_DA, carveout.da()).put(CARVEOUT_SIZE, carveout.size());
    put(VA, carveout.va());
    put(DMA, carveout.dma());
    json.put(IOMEM, carveout.isIomem()).end();
  }

  private void put(Vdev vdev) {
    json.object().put(RVDEV_ADDRESS, vdev.address()).put(INDEX, vdev.index());
    json.put(RVDEV_ID, vdev.id()).put(RVDEV_DEVICE, vdev.device());
    json.put(RVDEV_REFERENCES, vdev.references()).array(VRINGS);
    for (Vring vring : vdev.vrings()) {
      json.object().put(ENTRIES, vring.entries()).put(ALIGNMENT, vring.alignment());
      json.put(NOTIFY, vring.notifyId());
      put(QUEUE, vring.virtqueue());
      json.end();
    }
    json.end().end();
  }

  private void put(VirtioDevice device) {
    json.object().put(VDEV_ADDRESS, device.address()).put(VDEV_NAME, device.name());
    json.put(VDEV_ID, device.id()).put(REFERENCES, device.references());
    json.put(GHOST, device.isGhost()).put(REGISTERED, device.isRegistered());
    json.put(DRIVER, device.hasDriver()).put(QUEUES, device.queues());
    json.put(PARENT, device.parent()).put(PARENT_REFERENCES, device.parentReferences()).end();
  }

  private void put(PendingCoredump coredump, long size) {
    json.object().put(COREDUMP_ADDRESS, coredump.address()).put(COREDUMP_NAME, coredump.name());
    json.put(FORM, coredump.form().text()).put(DATA, coredump.data()).put(COREDUMP_SIZE, size);
    Optional<Extraction.Written> written = extraction.of(coredump);
    if (written.isPresent()) {
      json.put(FILE, written.get().file().toString());
      json.put(MISSING, written.get().missingBytes());
    }
    json.end();
  }
}
