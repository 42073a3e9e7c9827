package org.vmcore.coresight;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.vmcore.values.Described;

/**
 * A node of the list: what one device saved.
 *
 * @param address kernel virtual, of the node
 * @param cpu the CPU that it belongs to; −1 stands for none. Empty where the node doesn't tell
 * @param type 0 {@link #PRE_PANIC}, 1 {@link #PANIC}; empty where nodes have none
 * @param csdev kernel virtual, of its struct coresight_device; 0 where it has none
 * @param device what can be read there
 * @param buffer kernel virtual, of what was saved; 0 when nothing ever was
 * @param size of that, in bytes
 * @param config the tracer's configuration, where the buffer holds one
 * @param obstacle why the buffer can't be had, in one line; empty when it can
 * @param isBroken whether the obstacle is damage
 */
public record DumpNode(
    long address,
    OptionalInt cpu,
    OptionalInt type,
    long csdev,
    Optional<CoresightDevice> device,
    long buffer,
    long size,
    Optional<TracerConfig> config,
    Optional<String> obstacle,
    boolean isBroken) {
  /** A source's configuration, saved when it was set up. */
  public static final int PRE_PANIC = 0;

  /** A sink's trace, saved when the kernel panicked. */
  public static final int PANIC = 1;

  /** {@code PRE_PANIC}, {@code PANIC}; empty for others. */
  public Optional<String> typeName() {
    return switch (type.orElse(-1)) {
      case PRE_PANIC -> Optional.of("PRE_PANIC");
      case PANIC -> Optional.of("PANIC");
      default -> Optional.empty();
    };
  }

  /** The device's name, where it is known. */
  public Optional<String> deviceName() {
    return device.flatMap(CoresightDevice::name);
  }

  /** Whether it holds a trace, as far as its type and its contents tell. */
  public boolean isTrace() {
    return type.isPresent() ? type.getAsInt() == PANIC : config.isEmpty();
  }

  /** In what the saved configuration isn't the device's present one; a line for each. */
  public List<String> differences() {
    return device.isPresent() && config.isPresent()
        ? config.get().differences(device.get().present())
        : List.of();
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("DumpNode")
        .hex("address", address)
        .add("cpu", cpu)
        .add("type", type)
        .hex("csdev", csdev)
        .add("device", device)
        .hex("buffer", buffer)
        .hex("size", size)
        .add("config", config)
        .add("obstacle", obstacle)
        .add("isBroken", isBroken)
        .toString();
  }
}
