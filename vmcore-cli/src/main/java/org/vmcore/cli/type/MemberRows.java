package org.vmcore.cli.type;

import org.vmcore.cli.output.Row;
import org.vmcore.kernel.objects.Value;
import org.vmcore.kernel.types.Member;
import org.vmcore.kernel.types.StructType;
import org.vmcore.kernel.types.Type;
import org.vmcore.kernel.types.UnknownType;
import org.vmcore.memory.VmcoreException;

/** Writes the members of a structure as records. */
final class MemberRows {
  private static final int MAX_MEMBERS = 1 << 18;

  private final Row row;
  private final Losses losses;
  private int members;

  MemberRows(Row row, Losses losses) {
    this.row = row;
    this.losses = losses;
  }

  void write(StructType struct) {
    write(struct, "", 0, 0);
  }

  private void write(StructType struct, String path, long base, int depth) {
    for (Member member : struct.members()) {
      if (members++ < MAX_MEMBERS && depth < Type.MAX_DEPTH) {
        write(member, path, base + member.bitOffset(), depth);
      }
    }
  }

  private void write(Member member, String path, long bits, int depth) {
    String name = path + member.name();
    try {
      Type type = member.type();
      boolean unnamed = member.name().isEmpty();
      StructType inner =
          type instanceof StructType struct && (unnamed || struct.tag().isEmpty()) ? struct : null;
      if (inner == null || !unnamed) {
        row(name, bits, member.bitfieldSize(), type);
      }
      if (inner != null) {
        write(inner, unnamed ? path : name + ".", bits, depth + 1);
      }
    } catch (VmcoreException e) {
      losses.see(damaged(e));
      row.set(TypeFields.NAME, name).set(TypeFields.TYPE, "?").set(TypeFields.OFFSET, bits / 8);
      row.set(TypeFields.MISSING, e.reason()).end();
    }
  }

  private static Value damaged(VmcoreException e) {
    return Value.missing(e.reason(), true);
  }

  private void row(String name, long bits, int bitfieldSize, Type type) throws VmcoreException {
    row.set(TypeFields.NAME, name).set(TypeFields.TYPE, type.name());
    row.set(TypeFields.OFFSET, bits / 8);
    if (bitfieldSize != 0) {
      row.set(TypeFields.BIT_OFFSET, bits % 8).set(TypeFields.BIT_SIZE, bitfieldSize);
    } else if (type.plain() != UnknownType.UNKNOWN) {
      row.set(TypeFields.SIZE, type.size());
    }
    row.end();
  }
}
