package org.vmcore.coresight;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/** Reads nodes of one layout. */
final class NodeReader {
  /** More than any sink's buffer has, in bytes. */
  static final long LARGEST_BUFFER = 1L << 30;

  /** More CPUs than any kernel is built for. */
  private static final int MOST_CPUS = 1 << 16;

  private static final int MOST_TYPES = 16;
  private static final int LONGEST_NAME = 128;

  private final KernelReader in;
  private final NodeLayout layout;
  private final DeviceReader devices;
  private final long memorySize;

  NodeReader(KernelObjects objects, NodeLayout layout, DeviceReader devices)
      throws VmcoreException {
    this.in = objects.reader();
    this.layout = layout;
    this.devices = devices;
    this.memorySize = objects.kernel().memorySize();
  }

  /** Whether the node of {@code link} may be one by all that it tells; zeros are none. */
  boolean isPlausible(long link) {
    try {
      return isFitting(link)
          && size(link - layout.list()) <= LARGEST_BUFFER
          && (hasPointer(link) || in.word(link, "node.list") != 0);
    } catch (VmcoreException e) {
      return false;
    }
  }

  /**
   * Whether the node of {@code link}, of whose list nothing is sure, may be one: it has a device or
   * a buffer. Its buffer's size doesn't matter: that may be damaged.
   */
  boolean isLikely(long link) {
    try {
      return isFitting(link) && hasPointer(link);
    } catch (VmcoreException e) {
      return false;
    }
  }

  private boolean isFitting(long link) throws VmcoreException {
    long node = link - layout.list();
    int cpu = cpu(node).orElse(0);
    int type = type(node).orElse(0);
    boolean isNumbered = cpu >= -1 && cpu < MOST_CPUS && type >= 0 && type < MOST_TYPES;
    return isNumbered && isNullOrThere(buffer(node)) && isNullOrThere(csdev(node));
  }

  private boolean hasPointer(long link) throws VmcoreException {
    long node = link - layout.list();
    return buffer(node) != 0 || csdev(node) != 0;
  }

  private boolean isNullOrThere(long address) throws VmcoreException {
    return address == 0 || in.memory().extentAt(address).state() != PageState.NOT_RAM;
  }

  /** Whether the node of {@code link} has a type other than 0. */
  boolean hasType(long link) throws VmcoreException {
    return type(link - layout.list()).orElse(0) != 0;
  }

  /**
   * The node of {@code link}.
   *
   * @throws VmcoreException when a member can't be read
   */
  DumpNode read(long link) throws VmcoreException {
    long node = link - layout.list();
    long csdev = csdev(node);
    long buffer = buffer(node);
    long size = size(node);
    OptionalInt type = type(node);
    Optional<CoresightDevice> device = named(devices.read(csdev, node), node);
    Optional<String> nothing = nothing(buffer, size);
    Optional<String> broken = nothing.isPresent() ? Optional.empty() : broken(buffer, size);
    Optional<String> gone = devices.gone(csdev, device);
    List<String> obstacles = Stream.of(nothing, broken, gone).flatMap(Optional::stream).toList();
    Optional<TracerConfig> config =
        obstacles.isEmpty() && type.orElse(0) == DumpNode.PRE_PANIC
            ? TracerConfig.parse(in, in.upTo(buffer, (int) Math.min(size, TracerConfig.LARGEST)))
            : Optional.empty();
    return new DumpNode(
        node,
        cpu(node),
        type,
        csdev,
        device,
        buffer,
        size,
        config,
        obstacles.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", obstacles)),
        broken.isPresent() || gone.isPresent());
  }

  /** The first version of the patch had a device's name in the node itself. */
  private Optional<CoresightDevice> named(Optional<CoresightDevice> device, long node)
      throws VmcoreException {
    if (device.isPresent() || layout.deviceName() < 0) {
      return device;
    }
    String name = in.text(in.word(node + layout.deviceName(), "node.name"), LONGEST_NAME);
    return name.isEmpty()
        ? device
        : Optional.of(
            new CoresightDevice(Optional.of(name), Optional.empty(), Optional.empty(), Map.of()));
  }

  private static Optional<String> nothing(long buffer, long size) {
    if (buffer == 0) {
      return Optional.of("it was never updated: its buffer is NULL");
    }
    return size == 0 ? Optional.of("its size is 0") : Optional.empty();
  }

  private Optional<String> broken(long buffer, long size) throws VmcoreException {
    String where = "its buffer at " + Hex.of(buffer);
    if (size > LARGEST_BUFFER) {
      return Optional.of(where + " has a size of " + Hex.of(size) + ", more than 1 GiB");
    }
    if (size > memorySize) {
      String most = Hex.of(memorySize);
      return Optional.of(
          where + " has a size of " + Hex.of(size) + ", more than the memory's " + most);
    }
    if (Long.compareUnsigned(buffer + size - 1, buffer) < 0) {
      return Optional.of(where + " reaches past 2^64");
    }
    if (isNowhere(in.memory(), buffer, size)) {
      return Optional.of(where + ": " + in.memory().absenceAt(buffer));
    }
    return Optional.empty();
  }

  private static boolean isNowhere(Memory memory, long buffer, long size) throws VmcoreException {
    if (memory.extentAt(buffer).state() != PageState.NOT_RAM) {
      return false;
    }
    List<Extent> missing = MissingBytes.of(memory, buffer, size);
    return missing.size() == 1 && missing.getFirst().size() == size;
  }

  private OptionalInt cpu(long node) throws VmcoreException {
    return layout.cpu() < 0
        ? OptionalInt.empty()
        : OptionalInt.of((int) in.u32(node + layout.cpu(), "node.cpu"));
  }

  private OptionalInt type(long node) throws VmcoreException {
    return layout.type() < 0
        ? OptionalInt.empty()
        : OptionalInt.of((int) in.u32(node + layout.type(), "node.type"));
  }

  private long size(long node) throws VmcoreException {
    return in.u32(node + layout.bufSize(), "node.buf_size");
  }

  private long csdev(long node) throws VmcoreException {
    return layout.csdev() < 0 ? 0 : in.word(node + layout.csdev(), "node.csdev");
  }

  private long buffer(long node) throws VmcoreException {
    return in.word(node + layout.buf(), "node.buf");
  }
}
