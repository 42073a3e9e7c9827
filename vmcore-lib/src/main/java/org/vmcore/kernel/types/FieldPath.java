package org.vmcore.kernel.types;

import java.util.List;
import java.util.Optional;
import org.vmcore.memory.VmcoreException;

/** A path to a place in a structure: {@code se.vruntime}, {@code mem[2].base}. */
final class FieldPath {
  private final String path;

  private FieldPath(String path) {
    this.path = path;
  }

  static FieldPath of(String path) {
    return new FieldPath(path);
  }

  /** Where it ends in {@code struct}. */
  Optional<Field> in(StructType struct) throws VmcoreException {
    Optional<Field> found = Optional.of(new Field(0, 0, struct));
    PathSteps steps = new PathSteps(path);
    while (found.isPresent() && steps.hasNext()) {
      Field at = found.get();
      Type type = at.type().plain();
      found = steps.isIndex() ? element(type, steps.index()) : member(type, steps.name());
      if (found.isPresent()) {
        found = Optional.of(behind(at, found.get()));
      }
    }
    return found;
  }

  private static Field behind(Field outer, Field inner) {
    return new Field(outer.bitOffset() + inner.bitOffset(), inner.bitfieldSize(), inner.type());
  }

  /** The element {@code index} of an array. */
  static Optional<Field> element(Type type, long index) throws VmcoreException {
    if (!(type instanceof ArrayType array) || (array.count() != 0 && index >= array.count())) {
      return Optional.empty();
    }
    return Optional.of(new Field(index * array.elementSize() * 8, 0, array.element()));
  }

  /** The member {@code name} of a structure, or of an anonymous one in it. */
  static Optional<Field> member(Type type, String name) throws VmcoreException {
    return type instanceof StructType struct
        ? new MemberSearch(name).in(struct, 0)
        : Optional.empty();
  }

  /** A search through anonymous structures, bounded: a damaged table may nest them for ever. */
  private static final class MemberSearch {
    private final String name;
    private int left = 1 << 14;

    MemberSearch(String name) {
      this.name = name;
    }

    Optional<Field> in(StructType struct, int depth) throws VmcoreException {
      Optional<Member> own = struct.own(name);
      if (own.isPresent()) {
        return Optional.of(own.get().field());
      }
      for (Member each : depth == Type.MAX_DEPTH ? List.<Member>of() : struct.members()) {
        if (each.name().isEmpty() && left-- > 0 && each.type().plain() instanceof StructType one) {
          Optional<Field> found = in(one, depth + 1);
          if (found.isPresent()) {
            return Optional.of(behind(each.field(), found.get()));
          }
        }
      }
      return Optional.empty();
    }
  }
}
