package org.vmcore.fdt;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * What a powerpc device tree tells of the memory that firmware keeps while the kernel runs: RTAS
 * and OPAL. Source: add_rtas_mem_range and add_opal_mem_range of arch/powerpc/kexec/ranges.c.
 */
public final class FirmwareNodes {
  private static final String RTAS = "rtas";
  private static final String OPAL = "ibm,opal";

  private FirmwareNodes() {}

  /**
   * The firmware's memory, physical, in no order; none where there is no such firmware.
   *
   * @param file the device tree, named in errors
   * @throws VmcoreException when a property holds no number, or no memory can be where it says
   */
  public static List<AddressRange> memory(String file, DeviceTree tree) throws VmcoreException {
    List<AddressRange> memory = new ArrayList<>();
    range(file, tree, RTAS, "linux,rtas-base", "rtas-size", Integer.BYTES).ifPresent(memory::add);
    range(file, tree, OPAL, "opal-base-address", "opal-runtime-size", Long.BYTES)
        .ifPresent(memory::add);
    return memory;
  }

  /** The range that two properties of a node tell; empty unless both are there. */
  private static Optional<AddressRange> range(
      String file, DeviceTree tree, String node, String base, String size, int bytes)
      throws VmcoreException {
    Optional<TreeNode> found = tree.root().child(node);
    Optional<TreeProperty> start = found.flatMap(n -> n.property(base));
    Optional<TreeProperty> length = found.flatMap(n -> n.property(size));
    if (start.isEmpty() || length.isEmpty()) {
      return Optional.empty();
    }
    long first = number(file, node, start.get(), bytes);
    long count = number(file, node, length.get(), bytes);
    if (count != 0 && Long.compareUnsigned(first + count - 1, first) < 0) {
      throw VmcoreException.of(
          file, "/" + node + ": no memory of " + Hex.of(count) + " bytes is at " + Hex.of(first));
    }
    return count == 0 ? Optional.empty() : Optional.of(AddressRange.ofSize(first, count));
  }

  private static long number(String file, String node, TreeProperty property, int bytes)
      throws VmcoreException {
    if (property.size() != bytes) {
      throw VmcoreException.of(
          file, "/" + node + ": " + property + ": not a number of " + bytes + " bytes");
    }
    ByteBuffer value = ByteBuffer.wrap(property.value());
    return bytes == Long.BYTES ? value.getLong() : Integer.toUnsignedLong(value.getInt());
  }
}
