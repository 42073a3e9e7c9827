package org.vmcore.fdt;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * How a device tree's root has physical ranges written: each number in 32-bit cells, big-endian.
 *
 * @param file the device tree, named in errors
 * @param address #address-cells: 1 or 2
 * @param size #size-cells: 1 or 2
 */
public record RootCells(String file, int address, int size) {
  private static final String ADDRESS_CELLS = "#address-cells";
  private static final String SIZE_CELLS = "#size-cells";
  private static final long LIMIT = 1L << 32;
  private static final String REASON = "Crash memory region doesn't fit into DT's root cell sizes";

  /** The root's cells; missing ones are the Devicetree Specification's 2 and 1 (2.3.5). */
  public static RootCells of(String file, TreeNode root) throws VmcoreException {
    return new RootCells(
        file, count(file, root, ADDRESS_CELLS, 2), count(file, root, SIZE_CELLS, 1));
  }

  private static int count(String file, TreeNode root, String name, int missing)
      throws VmcoreException {
    Optional<TreeProperty> property = root.property(name);
    if (property.isEmpty()) {
      return missing;
    }
    byte[] value = property.get().value();
    int count = value.length == Integer.BYTES ? ByteBuffer.wrap(value).getInt() : 0;
    if (count != 1 && count != 2) {
      throw VmcoreException.of(
          file, "/: " + property.get() + ": only 1 or 2 cells can hold an address or a size");
    }
    return count;
  }

  /**
   * The ranges as the value of a property.
   *
   * @throws VmcoreException when one doesn't fit its cells
   */
  public byte[] encode(List<AddressRange> ranges) throws VmcoreException {
    ByteBuffer out = ByteBuffer.allocate(ranges.size() * entrySize());
    for (AddressRange range : ranges) {
      boolean fits =
          (address == 2 || Long.compareUnsigned(range.last(), LIMIT) < 0)
              && range.size() != 0
              && (size == 2 || Long.compareUnsigned(range.size(), LIMIT) < 0);
      if (!fits) {
        throw VmcoreException.of(file, REASON + ": " + range + " in " + address + " and " + size);
      }
      put(out, range.start(), address);
      put(out, range.size(), size);
    }
    return out.array();
  }

  /** The ranges that {@code property}'s value holds. */
  public List<AddressRange> decode(TreeProperty property) throws VmcoreException {
    List<AddressRange> ranges = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(property.value());
    if (in.remaining() == 0 || in.remaining() % entrySize() != 0) {
      throw fault(property, in.remaining() + " bytes, not a multiple of " + entrySize());
    }
    while (in.hasRemaining()) {
      long start = get(in, address);
      long length = get(in, size);
      if (length == 0 || Long.compareUnsigned(start + length - 1, start) < 0) {
        throw fault(property, "no memory of " + Hex.of(length) + " bytes is at " + Hex.of(start));
      }
      ranges.add(AddressRange.ofSize(start, length));
    }
    return ranges;
  }

  /** The ranges in device tree source, {@code <0x0 0x537ff000 0x0 0x400>}; empty for none. */
  public String source(List<AddressRange> ranges) throws VmcoreException {
    StringBuilder text = new StringBuilder();
    ByteBuffer cells = ByteBuffer.wrap(encode(ranges));
    while (cells.hasRemaining()) {
      text.append(text.isEmpty() ? "<" : " ").append(Hex.of(cells.getInt()));
    }
    return text.isEmpty() ? "" : text.append('>').toString();
  }

  private int entrySize() {
    return (address + size) * Integer.BYTES;
  }

  private static void put(ByteBuffer out, long value, int cells) {
    if (cells == 2) {
      out.putLong(value);
    } else {
      out.putInt((int) value);
    }
  }

  private static long get(ByteBuffer in, int cells) {
    return cells == 2 ? in.getLong() : in.getInt() & LIMIT - 1;
  }

  private VmcoreException fault(TreeProperty property, String reason) {
    return VmcoreException.of(file, "/chosen: " + property.name() + ": " + reason);
  }
}
