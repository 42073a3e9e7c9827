package org.vmcore.fdt;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.vmcore.io.SmallFile;
import org.vmcore.memory.VmcoreException;

/**
 * A flattened device tree: what the firmware, or kexec, tells an arm64 kernel of its machine.
 *
 * <p>What was read comes back byte for byte when it is written, padding aside: bytes outside of all
 * blocks are written as zeros. Source: the Devicetree Specification 0.4, chapter 5.
 *
 * @param root the node without a name
 * @param reservations the memory reservation map, in its order
 * @param bootCpu boot_cpuid_phys
 * @param layout where the blocks are in the file
 */
public record DeviceTree(
    TreeNode root, List<Reservation> reservations, int bootCpu, DeviceTreeLayout layout) {
  /** The most nodes that may lie in each other: the kernel's FDT_MAX_DEPTH. */
  public static final int MAX_DEPTH = 64;

  /** The largest file that is read in bytes; arm64's kernel takes 2 MiB. */
  public static final int MAX_SIZE = 4 << 20;

  /**
   * Memory that the kernel must not use.
   *
   * @param address a physical address
   * @param size in bytes
   */
  public record Reservation(long address, long size) {}

  /** Copies the list. */
  public DeviceTree {
    reservations = List.copyOf(reservations);
  }

  /** A tree of {@code root} alone. */
  public static DeviceTree of(TreeNode root) {
    return new DeviceTree(root, List.of(), 0, DeviceTreeLayout.PACKED);
  }

  /** Reads {@code file}, {@code /sys/firmware/fdt} for one. */
  public static DeviceTree read(Path file) throws VmcoreException {
    byte[] bytes = SmallFile.read(file, MAX_SIZE, "device tree");
    return parse(file.toString(), MemorySegment.ofArray(bytes));
  }

  /**
   * Parses a device tree of version 16 or 17, or of a later one that is compatible with 17.
   *
   * @param file named in errors
   * @param bytes the file; what follows the device tree's own size is ignored
   * @throws VmcoreException with the byte offset, when it isn't one, or is damaged
   */
  public static DeviceTree parse(String file, MemorySegment bytes) throws VmcoreException {
    return DeviceTreeReader.read(file, bytes);
  }

  /**
   * The tree as a file of version 17: laid out as it was read where the blocks still fit there,
   * else without padding.
   */
  public byte[] toBytes() {
    return new DeviceTreeWriter(this).bytes();
  }

  /** This tree with another root. */
  public DeviceTree withRoot(TreeNode other) {
    return new DeviceTree(other, reservations, bootCpu, layout);
  }

  /** This tree with a reservation; the tree itself when it has it. */
  public DeviceTree withReservation(Reservation added) {
    if (reservations.contains(added)) {
      return this;
    }
    List<Reservation> all = new ArrayList<>(reservations);
    all.add(added);
    return new DeviceTree(root, all, bootCpu, layout);
  }
}
