package org.vmcore.kernel.types;

import java.util.List;
import java.util.Optional;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Described;

/**
 * A structure or a union.
 *
 * @param tag its name; empty where it has none
 * @param size in bytes
 */
public record StructType(String tag, boolean isUnion, long size, List<Member> members)
    implements Type {
  /** An unmodifiable copy of the members is kept. */
  public StructType {
    members = List.copyOf(members);
  }

  /** {@code struct} or {@code union}. */
  public String keyword() {
    return isUnion ? "union" : "struct";
  }

  /**
   * Where a member lies: {@code comm}, {@code thread.sp}, {@code mem[2].base}. Members of anonymous
   * structures and unions count as its own; pointers aren't followed.
   *
   * @throws VmcoreException when the table of types is damaged there
   */
  public Optional<Field> field(String path) throws VmcoreException {
    return FieldPath.of(path).in(this);
  }

  /** The member of this name itself, those of anonymous structures left out. */
  Optional<Member> own(String name) {
    for (Member member : members) {
      if (member.name().equals(name)) {
        return Optional.of(member);
      }
    }
    return Optional.empty();
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("StructType")
        .add("tag", tag)
        .add("isUnion", isUnion)
        .hex("size", size)
        .add("members", members)
        .toString();
  }
}
