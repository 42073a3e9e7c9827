package org.vmcore.cli.walk;

import java.util.Optional;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Kind;
import org.vmcore.cli.output.Row;
import org.vmcore.kernel.objects.KernelObject;
import org.vmcore.kernel.objects.Value;
import org.vmcore.kernel.types.ArrayType;
import org.vmcore.kernel.types.IntType;
import org.vmcore.kernel.types.PointerType;
import org.vmcore.kernel.types.StructType;
import org.vmcore.kernel.types.Type;
import org.vmcore.memory.VmcoreException;

/** A member that is shown of each object. */
final class MemberColumn {
  /** What lies below isn't mapped. */
  private static final long NULL_PAGE = 4096;

  private final String path;
  private final Field field;

  private MemberColumn(String path, Field field) {
    this.path = path;
    this.field = field;
  }

  /**
   * The member {@code path}, a field of {@code fields}.
   *
   * @param like an object that has it, when there is one
   */
  static MemberColumn of(String path, Optional<KernelObject> like, Fields fields)
      throws VmcoreException {
    Kind kind = Kind.TEXT;
    if (like.isPresent()) {
      kind = kind(like.get(), path);
    }
    String name = path;
    for (Field each : fields.all()) {
      name = each.name().equals(name) ? "." + name : name;
    }
    Field field = fields.add(name, kind, "The member " + path + ".").titled(path).optional();
    return new MemberColumn(path, field);
  }

  private static Kind kind(KernelObject like, String path) throws VmcoreException {
    Optional<KernelObject> value;
    try {
      value = like.find(path);
    } catch (VmcoreException _) {
      return Kind.TEXT; // a pointer on the way can't be read
    }
    if (value.isEmpty()) {
      like.get(path); // throws, and says so
      return Kind.TEXT;
    }
    return switch (value.get().type().plain()) {
      case IntType number -> number.isBool() ? Kind.TEXT : Kind.NUMBER;
      case PointerType pointer -> isText(pointer) ? Kind.TEXT : Kind.ADDRESS;
      default -> Kind.TEXT;
    };
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
    KernelObject value = object.get(path);
    Type type = value.type().plain();
    if (Long.compareUnsigned(value.address(), NULL_PAGE) < 0) {
      return; // behind a null pointer
    }
    if (type instanceof PointerType pointer) {
      pointer(row, pointer, value);
    } else if (type instanceof IntType number && !number.isBool() && number.size() <= 8) {
      number(row, number, value.number());
    } else {
      row.set(field, text(value, type));
    }
  }

  private static boolean isText(PointerType pointer) throws VmcoreException {
    return pointer.target().plain() instanceof IntType number && number.isText();
  }

  /** The text that a pointer leads to, or where it leads. */
  private void pointer(Row row, PointerType type, KernelObject value) throws VmcoreException {
    if (!isText(type)) {
      row.set(field, value.number());
    } else if (value.number() != 0) {
      row.set(field, value.text());
    }
  }

  /** Whether the value should be in the dump and isn't. */
  boolean isLost(KernelObject object) {
    try {
      return object.get(path).value().isLost();
    } catch (VmcoreException e) {
      return false; // a pointer on the way, or more than one value
    }
  }

  /** A number of 64 bits is a string in JSON. */
  private void number(Row row, IntType type, long value) {
    if (type.size() <= Integer.BYTES) {
      row.set(field, value);
    } else {
      row.set(field, type.isSigned() ? Long.toString(value) : Long.toUnsignedString(value));
    }
  }

  private static String text(KernelObject value, Type type) throws VmcoreException {
    boolean isMany =
        type instanceof StructType
            || (type instanceof ArrayType array
                && !(array.element().plain() instanceof IntType number && number.isText()));
    if (isMany) {
      return ManyValues.text(value);
    }
    return type instanceof ArrayType ? value.text() : single(value);
  }

  private static String single(KernelObject value) throws VmcoreException {
    Value single = value.value();
    if (single.missing().isPresent()) {
      throw VmcoreException.of("member", single.missing().get());
    }
    return single.text();
  }
}
