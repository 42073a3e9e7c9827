package org.vmcore.debuginfo.dwarf;

import java.util.Arrays;
import org.vmcore.kernel.btf.BtfKind;
import org.vmcore.kernel.btf.TypeRecords;

/**
 * Which types are written: all of the table's own and, of the one that it is split from, what these
 * hold. A structure of the base to which there are only pointers is declared: debuggers find the
 * whole of it in the kernel's own file.
 */
final class NeededTypes {
  private static final byte DECLARED = 1;
  private static final byte WHOLE = 2;

  private final TypeRecords types;
  private final TypeNesting nesting;
  private final EnumIntegers integers;
  private final byte[] states;
  private int[] pending = new int[64];
  private int count;

  private NeededTypes(TypeRecords types, TypeNesting nesting, EnumIntegers integers) {
    this.types = types;
    this.nesting = nesting;
    this.integers = integers;
    this.states = new byte[types.endId()];
  }

  static NeededTypes of(TypeRecords types, TypeNesting nesting, EnumIntegers integers) {
    NeededTypes needed = new NeededTypes(types, nesting, integers);
    Arrays.fill(needed.states, types.firstId(), types.endId(), WHOLE);
    if (types.firstId() > 1) {
      for (int id = types.firstId(); id < types.endId(); id++) {
        needed.follow(id, WHOLE);
      }
      needed.followAll();
    }
    return needed;
  }

  /** Has {@code id} written whole. */
  void whole(int id) {
    need(id, WHOLE);
    followAll();
  }

  /** Has {@code id} written, a structure at least declared. */
  void declared(int id) {
    need(id, DECLARED);
    followAll();
  }

  boolean isWritten(int id) {
    return states[id] != 0;
  }

  boolean isWhole(int id) {
    return states[id] == WHOLE;
  }

  private void followAll() {
    while (count > 0) {
      int id = pending[--count];
      follow(id, states[id]);
    }
  }

  private void need(int id, byte state) {
    int target = nesting.target(id);
    if (target != 0 && states[target] < state) {
      states[target] = state;
      if (count == pending.length) {
        pending = Arrays.copyOf(pending, 2 * count);
      }
      pending[count++] = target;
    }
  }

  private void follow(int id, byte state) {
    switch (types.kind(id)) {
      case BtfKind.TYPEDEF, BtfKind.CONST, BtfKind.VOLATILE, BtfKind.RESTRICT ->
          need(types.sizeOrType(id), state);
      case BtfKind.ARRAY -> need(types.word(id, 0), WHOLE);
      case BtfKind.VAR -> need(types.sizeOrType(id), WHOLE);
      case BtfKind.PTR, BtfKind.FUNC -> need(types.sizeOrType(id), DECLARED);
      case BtfKind.STRUCT, BtfKind.UNION -> {
        boolean isWhole = state == WHOLE || types.name(id) == 0;
        states[id] = isWhole ? WHOLE : state;
        for (int i = 0; isWhole && i < types.count(id); i++) {
          need(types.word(id, 3 * i + 1), WHOLE);
        }
      }
      case BtfKind.ENUM, BtfKind.ENUM64 -> need(integers.of(id), WHOLE);
      case BtfKind.FUNC_PROTO -> {
        need(types.sizeOrType(id), DECLARED);
        for (int i = 0; i < types.count(id); i++) {
          need(types.word(id, 2 * i + 1), DECLARED);
        }
      }
      default -> {} // refers to nothing
    }
  }
}
