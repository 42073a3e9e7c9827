package org.vmcore.kernel.modules;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.kernel.system.Taints;
import org.vmcore.memory.AddressRange;
import org.vmcore.values.Described;

/**
 * A module.
 *
 * @param name as {@code lsmod} shows it
 * @param address kernel virtual, of its struct module
 * @param state what becomes of it
 * @param ranges where its code and data lie, what it has only while it starts left out; the first
 *     is that of its code. Empty where the kernel's types don't tell
 * @param init where that lies which it has only while it starts; its code first. Empty once it has
 *     started
 * @param taints what it taints the kernel with
 * @param references how many use it, itself left out
 */
public record LoadedModule(
    String name,
    long address,
    State state,
    List<AddressRange> ranges,
    List<AddressRange> init,
    Optional<Taints> taints,
    OptionalLong references) {
  /** What becomes of a module: enum module_state. */
  public enum State {
    LIVE,
    COMING,
    GOING,
    UNFORMED;

    /** The state of this number. */
    static State of(int number) {
      return switch (number) {
        case 0 -> LIVE;
        case 1 -> COMING;
        case 2 -> GOING;
        default -> UNFORMED;
      };
    }

    /** As {@code /proc/modules} has it: {@code Live}. */
    public String text() {
      return switch (this) {
        case LIVE -> "Live";
        case COMING -> "Loading";
        case GOING -> "Unloading";
        case UNFORMED -> "Unformed";
      };
    }
  }

  /** The size of its memory in bytes. */
  public long size() {
    long size = 0;
    for (AddressRange range : ranges) {
      size += range.size();
    }
    return size;
  }

  /** Whether it was built outside of the kernel's tree. */
  public boolean isOutOfTree() {
    return taints.isPresent() && taints.get().letters().indexOf('O') >= 0;
  }

  /** Whether the kernel virtual address {@code virtual} lies in it. */
  public boolean contains(long virtual) {
    return isIn(ranges, virtual) || isIn(init, virtual);
  }

  private static boolean isIn(List<AddressRange> ranges, long virtual) {
    for (AddressRange range : ranges) {
      if (range.contains(virtual)) {
        return true;
      }
    }
    return false;
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("LoadedModule")
        .add("name", name)
        .hex("address", address)
        .add("state", state)
        .add("ranges", ranges)
        .add("init", init)
        .add("taints", taints)
        .add("references", references)
        .toString();
  }
}
