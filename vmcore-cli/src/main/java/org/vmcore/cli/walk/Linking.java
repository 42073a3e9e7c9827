package org.vmcore.cli.walk;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.types.Field;
import org.vmcore.kernel.types.Member;
import org.vmcore.kernel.types.StructType;
import org.vmcore.kernel.walks.WalkKind;
import org.vmcore.memory.VmcoreException;

/**
 * How objects are linked.
 *
 * @param offset where the node lies in an object, in bytes
 */
record Linking(WalkKind kind, long offset) {
  /** By what was asked for, and by the type of {@code head}. */
  static Linking of(ListQuestion asked, Heads.Head head, KernelObjects objects)
      throws VmcoreException {
    Optional<WalkKind> kind = asked.kind();
    if (kind.isEmpty() && head.object().isPresent()) {
      kind = WalkKind.ofHead(head.object().get().type());
    }
    Optional<Field> member = member(asked, kind, objects);
    if (kind.isEmpty() && member.isPresent()) {
      kind = WalkKind.ofNode(member.get().type());
    }
    if (kind.isEmpty()) {
      throw objects.missing(unknown(asked, head));
    }
    return new Linking(kind.get(), member.isPresent() ? member.get().offset() : 0);
  }

  private static String unknown(ListQuestion asked, Heads.Head head) throws VmcoreException {
    return head.object().isPresent()
        ? "list, tree or array in a " + head.object().get().type().name() + ": --head TYPE.MEMBER"
        : "type of " + asked.place() + ": --head TYPE, --kind, or --type and --member";
  }

  private static Optional<Field> member(
      ListQuestion asked, Optional<WalkKind> kind, KernelObjects objects) throws VmcoreException {
    if (asked.type().isEmpty()) {
      return Optional.empty();
    }
    String type = asked.type().get();
    if (asked.member().isPresent()) {
      Optional<Field> field = objects.field(type, asked.member().get());
      if (field.isEmpty()) {
        throw objects.missing("member " + type + "." + asked.member().get());
      }
      return field;
    }
    boolean needsNone = kind.isEmpty() || !kind.get().isOfNodes();
    return needsNone ? Optional.empty() : Optional.of(only(type, kind.get(), objects));
  }

  /** The one member that can be such a node. */
  private static Field only(String type, WalkKind kind, KernelObjects objects)
      throws VmcoreException {
    Optional<StructType> struct = objects.types().struct(type);
    List<String> nodes = new ArrayList<>();
    if (struct.isPresent()) {
      for (Member each : struct.get().members()) {
        if (WalkKind.ofNode(each.type()).filter(kind::equals).isPresent()) {
          nodes.add(each.name());
        }
      }
    }
    if (nodes.size() != 1) {
      String which = nodes.isEmpty() ? "" : ": --member " + String.join(", ", nodes);
      throw objects.missing("node in a " + type + which);
    }
    return struct.orElseThrow().field(nodes.getFirst()).orElseThrow();
  }
}
