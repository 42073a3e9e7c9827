package org.vmcore.fdt;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.vmcore.io.Cursor;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/** Reads a device tree. No number in the file is used before it is known to lie in it. */
final class DeviceTreeReader {
  private final String file;
  private final byte[] bytes;
  private final DeviceTreeHeader header;
  private final DeviceTreeStrings strings;
  private final Deque<Open> open = new ArrayDeque<>();
  private Optional<TreeNode> root = Optional.empty();

  private DeviceTreeReader(String file, byte[] bytes, DeviceTreeHeader header) {
    this.file = file;
    this.bytes = bytes;
    this.header = header;
    this.strings = new DeviceTreeStrings(file, bytes, header.strings(), header.stringsSize());
  }

  /** A node whose end hasn't been seen. */
  private record Open(String name, List<TreeItem> items) {}

  static DeviceTree read(String file, MemorySegment all) throws VmcoreException {
    DeviceTreeHeader header = DeviceTreeHeader.parse(file, all);
    byte[] bytes = all.asSlice(0, header.totalSize()).toArray(ValueLayout.JAVA_BYTE);
    return new DeviceTreeReader(file, bytes, header).read();
  }

  private DeviceTree read() throws VmcoreException {
    List<DeviceTree.Reservation> reservations = reservations();
    TreeNode top = structure();
    DeviceTreeLayout layout =
        new DeviceTreeLayout(
            header.reservations(),
            header.structure(),
            header.strings(),
            header.totalSize(),
            header.lastCompatible(),
            strings.block(),
            strings.offsets());
    return new DeviceTree(top, reservations, header.bootCpu(), layout);
  }

  private List<DeviceTree.Reservation> reservations() throws VmcoreException {
    List<DeviceTree.Reservation> map = new ArrayList<>();
    Cursor in = cursor(header.reservations(), header.totalSize() - header.reservations());
    while (true) {
      long address = in.u64("memory reservation");
      long size = in.u64("memory reservation");
      if (address == 0 && size == 0) {
        return map;
      }
      map.add(new DeviceTree.Reservation(address, size));
    }
  }

  private TreeNode structure() throws VmcoreException {
    Cursor in = cursor(header.structure(), header.structureSize());
    for (int token = token(in); token != DeviceTreeToken.END; token = token(in)) {
      switch (token) {
        case DeviceTreeToken.BEGIN_NODE -> begin(in);
        case DeviceTreeToken.END_NODE -> end(in);
        case DeviceTreeToken.PROP -> property(in);
        case DeviceTreeToken.NOP -> nop();
        default -> throw fault(in, "unknown token " + Hex.of(token));
      }
    }
    if (!open.isEmpty()) {
      throw fault(in, "FDT_END: a node has no end");
    }
    return root.orElseThrow(() -> fault(in, "FDT_END: there is no root"));
  }

  private int token(Cursor in) throws VmcoreException {
    if (in.remaining() < Integer.BYTES) {
      throw VmcoreException.at(file, at(in), "the structure block ends without FDT_END");
    }
    return in.s32("token");
  }

  private void begin(Cursor in) throws VmcoreException {
    if (root.isPresent()) {
      throw fault(in, "FDT_BEGIN_NODE: a second root");
    }
    if (open.size() == DeviceTree.MAX_DEPTH) {
      String limit = "more than " + DeviceTree.MAX_DEPTH + " deep in each other";
      throw fault(in, "FDT_BEGIN_NODE: nodes lie " + limit);
    }
    int start = at(in);
    int end = start;
    while (end < header.structure() + header.structureSize() && bytes[end] != 0) {
      end++;
    }
    if (end == header.structure() + header.structureSize()) {
      throw VmcoreException.at(file, start, "the node's name has no end");
    }
    in.skip(DeviceTreeToken.align(end - start + 1), "node name");
    String name = new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    open.push(new Open(name, new ArrayList<>()));
  }

  private void end(Cursor in) throws VmcoreException {
    if (open.isEmpty()) {
      throw fault(in, "FDT_END_NODE: no node is open");
    }
    Open ended = open.pop();
    TreeNode node = new TreeNode(ended.name(), ended.items());
    if (open.isEmpty()) {
      root = Optional.of(node);
    } else {
      open.element().items().add(node);
    }
  }

  private void property(Cursor in) throws VmcoreException {
    if (open.isEmpty()) {
      throw fault(in, "FDT_PROP: a property outside of all nodes");
    }
    long size = in.u32("property length");
    int field = at(in);
    String name = strings.name(in.u32("property name"), field);
    int start = at(in);
    in.skip(size, "value of " + name);
    in.skip(-size & 3, "padding behind the value of " + name);
    byte[] padded = Arrays.copyOfRange(bytes, start, at(in));
    open.element().items().add(new TreeProperty(name, padded, (int) size));
  }

  /** Outside of the root it is left out. */
  private void nop() {
    if (!open.isEmpty()) {
      open.element().items().add(TreeNop.NOP);
    }
  }

  private Cursor cursor(int start, int size) {
    MemorySegment block = MemorySegment.ofArray(bytes).asSlice(start, size);
    return Cursor.of(file, start, block, ByteOrder.BIG_ENDIAN);
  }

  /** The file offset of what is read next from the structure block. */
  private int at(Cursor in) {
    return header.structure() + (int) in.position();
  }

  /** A fault of the token that was read last. */
  private VmcoreException fault(Cursor in, String reason) {
    return VmcoreException.at(file, at(in) - Integer.BYTES, reason);
  }
}
