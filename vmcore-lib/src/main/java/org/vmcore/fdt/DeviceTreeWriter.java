package org.vmcore.fdt;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Writes a device tree as a file of version 17. */
final class DeviceTreeWriter {
  private static final int RESERVATION_SIZE = 16;

  private final DeviceTree tree;
  private final StringBuilder strings;
  private final Map<String, Integer> nameOffsets;

  DeviceTreeWriter(DeviceTree tree) {
    this.tree = tree;
    this.strings = new StringBuilder(tree.layout().stringsBlock());
    this.nameOffsets = new HashMap<>(tree.layout().nameOffsets());
  }

  byte[] bytes() {
    int structureSize = Math.addExact(size(tree.root()), Integer.BYTES);
    int mapSize = Math.multiplyExact(tree.reservations().size() + 1, RESERVATION_SIZE);
    DeviceTreeLayout layout = tree.layout().fitting(mapSize, structureSize, strings.length());
    ByteBuffer out = ByteBuffer.allocate(layout.total());
    out.putInt(DeviceTreeToken.MAGIC).putInt(layout.total());
    out.putInt(layout.structure()).putInt(layout.strings()).putInt(layout.reservations());
    out.putInt(DeviceTreeToken.VERSION).putInt(layout.lastCompatible()).putInt(tree.bootCpu());
    out.putInt(strings.length()).putInt(structureSize);
    out.position(layout.reservations());
    for (DeviceTree.Reservation reservation : tree.reservations()) {
      out.putLong(reservation.address()).putLong(reservation.size());
    }
    out.position(layout.structure());
    write(tree.root(), out);
    out.putInt(DeviceTreeToken.END);
    out.put(layout.strings(), strings.toString().getBytes(StandardCharsets.ISO_8859_1));
    return out.array();
  }

  /** The size in bytes, for which every property's name gets its place among the strings. */
  private int size(TreeItem item) {
    return switch (item) {
      case TreeNop _ -> Integer.BYTES;
      case TreeProperty property -> {
        nameOffsets.computeIfAbsent(property.name(), this::place);
        yield Math.addExact(3 * Integer.BYTES, DeviceTreeToken.align(property.size()));
      }
      case TreeNode node -> {
        int size = 2 * Integer.BYTES + DeviceTreeToken.align(node.name().length() + 1);
        for (TreeItem inner : node.items()) {
          size = Math.addExact(size, size(inner));
        }
        yield size;
      }
    };
  }

  /** Where {@code name} is among the strings: as in libfdt, the end of another one will do. */
  private int place(String name) {
    int found = strings.indexOf(name + '\0');
    if (found >= 0) {
      return found;
    }
    if (!strings.isEmpty() && strings.charAt(strings.length() - 1) != 0) {
      strings.append('\0');
    }
    int end = strings.length();
    strings.append(name).append('\0');
    return end;
  }

  private void write(TreeItem item, ByteBuffer out) {
    switch (item) {
      case TreeNop _ -> out.putInt(DeviceTreeToken.NOP);
      case TreeProperty property -> {
        out.putInt(DeviceTreeToken.PROP).putInt(property.size());
        out.putInt(nameOffsets.getOrDefault(property.name(), 0));
        property.writePadded(out);
      }
      case TreeNode node -> {
        out.putInt(DeviceTreeToken.BEGIN_NODE);
        byte[] name = node.name().getBytes(StandardCharsets.ISO_8859_1);
        int end = out.position() + DeviceTreeToken.align(name.length + 1);
        out.put(name).position(end);
        node.items().forEach(inner -> write(inner, out));
        out.putInt(DeviceTreeToken.END_NODE);
      }
    }
  }
}
