package org.vmcore.cli.walk;

import java.util.Optional;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Kind;
import org.vmcore.cli.output.Row;
import org.vmcore.kernel.objects.KernelObject;
import org.vmcore.kernel.types.IntType;
import org.vmcore.memory.VmcoreException;

/** A member that is shown of each object. */
final class MemberColumn {
  /** Of so many objects one tells the member's type: of others a pointer on the way is null. */
  private static final int MAX_TRIED = 256;

  private final String path;
  private final Field field;
  private final boolean isHex;

  private MemberColumn(String path, Field field, boolean isHex) {
    this.path = path;
    this.field = field;
    this.isHex = isHex;
  }

  /**
   * The member {@code path}, a field of {@code fields}.
   *
   * @param nodes what it is shown of
   * @param isHex whether numbers are written in hexadecimal
   * @throws VmcoreException when their type has no such member
   */
  static MemberColumn of(String path, Nodes nodes, Fields fields, boolean isHex)
      throws VmcoreException {
    Kind kind = !isHex && isNumber(path, nodes) ? Kind.NUMBER : Kind.TEXT;
    String name = path;
    for (Field each : fields.all()) {
      name = each.name().equals(name) ? "." + name : name;
    }
    Field field = fields.add(name, kind, "The member " + path + ".").titled(path).optional();
    return new MemberColumn(path, field, isHex);
  }

  private static boolean isNumber(String path, Nodes nodes) throws VmcoreException {
    int tried = 0;
    for (Node node : nodes.all()) {
      Optional<KernelObject> object = nodes.object(node);
      if (object.isPresent() && tried++ < MAX_TRIED) {
        Optional<KernelObject> value = value(object.get(), path);
        if (value.isPresent()) {
          return value.get().type().plain() instanceof IntType number && !number.isBool();
        }
      }
    }
    return false;
  }

  /** The member of {@code object}; empty where a pointer on the way can't be read. */
  private static Optional<KernelObject> value(KernelObject object, String path)
      throws VmcoreException {
    Optional<KernelObject> value;
    try {
      value = object.find(path);
    } catch (VmcoreException _) {
      return Optional.empty();
    }
    return value.isPresent() ? value : Optional.of(object.get(path)); // throws, and says so
  }

  Field field() {
    return field;
  }

  /**
   * Sets the value of {@code object}'s member; none where a pointer on the way is null.
   *
   * @throws VmcoreException when it can't be read
   */
  void set(Row row, KernelObject object) throws VmcoreException {
    if (NullOnPath.is(object, path)) {
      return;
    }
    KernelObject value = object.get(path);
    boolean isPlain = field.kind() == Kind.NUMBER && value.type().plain().size() <= Integer.BYTES;
    if (isPlain && value.type().plain() instanceof IntType) {
      row.set(field, value.number());
      return;
    }
    Optional<String> text = MemberText.of(value, isHex);
    if (text.isPresent()) {
      row.set(field, text.get());
    }
  }

  /** Whether the value should be in the dump and isn't. */
  boolean isLost(KernelObject object) {
    try {
      return object.get(path).value().isLost();
    } catch (VmcoreException _) {
      return false; // a pointer on the way, or more than one value
    }
  }
}
