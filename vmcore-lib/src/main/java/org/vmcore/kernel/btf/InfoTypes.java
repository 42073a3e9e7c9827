package org.vmcore.kernel.btf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.kernel.types.Member;
import org.vmcore.kernel.types.StructType;
import org.vmcore.kernel.types.Type;
import org.vmcore.kernel.types.TypeTable;
import org.vmcore.kernel.types.UnknownType;
import org.vmcore.memory.VmcoreException;

/** Structures of which VMCOREINFO tells single members: OFFSET(x.y), SIZE(x). */
final class InfoTypes implements TypeTable {
  private static final String OFFSET = "OFFSET(";
  private static final long MAX_OFFSET = 1 << 24;

  private static final InfoTypes TABLE = new InfoTypes();

  private InfoTypes() {}

  /** What is told of the structure of this name. */
  static Optional<Type> find(VmcoreInfo info, TypeName wanted) {
    String name = wanted.name();
    List<Member> members = new ArrayList<>();
    String start = OFFSET + name + ".";
    for (Map.Entry<String, String> line : info.values().entrySet()) {
      String key = line.getKey();
      if (key.startsWith(start) && key.endsWith(")")) {
        String field = key.substring(start.length(), key.length() - 1);
        OptionalLong offset = info.offset(name + "." + field);
        if (offset.isPresent() && offset.getAsLong() >= 0 && offset.getAsLong() < MAX_OFFSET) {
          members.add(new Member(TABLE, field, 0, offset.getAsLong() * 8, 0));
        }
      }
    }
    members.sort(Comparator.comparingLong(Member::bitOffset));
    OptionalLong size = info.size(name);
    return members.isEmpty() && size.isEmpty()
        ? Optional.empty()
        : Optional.of(new StructType(name, false, Math.max(0, size.orElse(0)), members));
  }

  @Override
  public Type type(int id) {
    return UnknownType.UNKNOWN;
  }

  @Override
  public int pointerSize() {
    return 0;
  }

  @Override
  public VmcoreException fault(int id, String reason) {
    return VmcoreException.of(VmcoreInfo.NAME, reason);
  }
}
