package org.vmcore.coresight;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.types.Field;
import org.vmcore.kernel.types.StructType;
import org.vmcore.kernel.types.Type;
import org.vmcore.memory.VmcoreException;

/**
 * Where a node has its members, in bytes; −1: it has no such member.
 *
 * <p>Source: Leo Yan, "coresight: enable debug support for kernel panic", version 2 and the ones
 * after it (FORMATS.md).
 *
 * @param name what tells so, for people
 */
record NodeLayout(
    String name, int cpu, int type, int csdev, int deviceName, int buf, int bufSize, int list) {
  static final String DUMP_NODE = "coresight_dump_node";
  static final String KDUMP_NODE = "coresight_kdump_node";

  /** The largest structure that is taken for a node, in bytes. */
  private static final int LARGEST = 4096;

  /** The layouts of the kernel's types, where it has them; {@code module}'s come first. */
  static Optional<NodeLayout> ofTypes(KernelObjects objects, Optional<String> module)
      throws VmcoreException {
    for (String name : List.of(DUMP_NODE, KDUMP_NODE)) {
      Optional<Type> own =
          module.isPresent() ? objects.types().find(name, module.get()) : Optional.empty();
      Optional<Type> found = own.isPresent() ? own : objects.types().find(name);
      if (found.isPresent() && found.get().plain() instanceof StructType struct) {
        Optional<NodeLayout> layout = of(struct);
        if (layout.isPresent()) {
          return layout;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<NodeLayout> of(StructType struct) throws VmcoreException {
    NodeLayout layout =
        new NodeLayout(
            "struct " + struct.tag() + " in the kernel's types",
            offset(struct, "cpu"),
            offset(struct, "type"),
            offset(struct, "csdev"),
            offset(struct, "name"),
            offset(struct, "buf"),
            offset(struct, "buf_size"),
            offset(struct, "list"));
    boolean isNode = layout.buf >= 0 && layout.bufSize >= 0 && layout.list >= 0;
    return isNode && struct.size() <= LARGEST ? Optional.of(layout) : Optional.empty();
  }

  private static int offset(StructType struct, String member) throws VmcoreException {
    Optional<Field> field = struct.field(member);
    return field.isEmpty() ? -1 : Math.toIntExact(Math.min(field.get().offset(), LARGEST));
  }

  /** Those that the kernel's patches had: with a type, and later without. */
  static List<NodeLayout> known(int word) {
    List<NodeLayout> layouts = new ArrayList<>();
    layouts.add(of(DUMP_NODE + " as patched in version 2", true, word));
    layouts.add(of(KDUMP_NODE + " as patched later, without a type", false, word));
    return layouts;
  }

  private static NodeLayout of(String name, boolean hasType, int word) {
    int csdev = hasType ? 8 : word; // an int, or two, filled up to a pointer's place
    int buf = csdev + word;
    int bufSize = buf + word;
    int list = bufSize + word;
    return new NodeLayout(name, 0, hasType ? 4 : -1, csdev, -1, buf, bufSize, list);
  }
}
