package org.vmcore.debuginfo.dwarf;

import org.vmcore.kernel.btf.BtfKind;
import org.vmcore.kernel.btf.TypeRecords;
import org.vmcore.kernel.types.Type;

/**
 * How the types of a table lie inside of each other, for two things no debugger survives: a type
 * that holds itself, and a pointer to a pointer without an end. A type that closes such a circle,
 * or makes a chain longer than {@link Type#MAX_DEPTH}, is <em>broken</em>: it is written without
 * what it refers to. The sizes of types come of the same walk.
 */
final class TypeNesting {
  private static final int INSIDE =
      1 << BtfKind.ARRAY
          | 1 << BtfKind.TYPEDEF
          | 1 << BtfKind.CONST
          | 1 << BtfKind.VOLATILE
          | 1 << BtfKind.RESTRICT
          | 1 << BtfKind.TYPE_TAG;
  private static final int STRUCTURES = 1 << BtfKind.STRUCT | 1 << BtfKind.UNION;
  private static final int CHAINED = INSIDE | 1 << BtfKind.PTR | 1 << BtfKind.FUNC_PROTO;

  /** Types that something may be of. */
  private static final int VALUES =
      CHAINED
          | STRUCTURES
          | 1 << BtfKind.INT
          | 1 << BtfKind.FLOAT
          | 1 << BtfKind.ENUM
          | 1 << BtfKind.ENUM64
          | 1 << BtfKind.FWD;

  private static final byte ENTERED = -1;

  private final TypeRecords types;

  /** Words from which one goes on: those inside of a type, or those a chain of types leads to. */
  private final byte[] inside;

  private final byte[] chains;
  private final boolean[] isBroken;
  private final long[] sizes;
  private int broken;

  private TypeNesting(TypeRecords types) {
    this.types = types;
    this.inside = new byte[types.endId()];
    this.chains = new byte[types.endId()];
    this.isBroken = new boolean[types.endId()];
    this.sizes = new long[types.endId()];
  }

  /** That of the table's own types, and of what these need of its base. */
  static TypeNesting of(TypeRecords types) {
    TypeNesting nesting = new TypeNesting(types);
    for (int id = types.firstId(); id < types.endId(); id++) {
      nesting.enter(id);
    }
    return nesting;
  }

  private void enter(int id) {
    int kind = 1 << types.kind(id);
    if ((kind & VALUES) != 0) {
      inside(id, 1);
      if ((kind & CHAINED) != 0) {
        chain(id, 1);
      }
    }
  }

  /** How many of the types are written without what they refer to. */
  int broken() {
    return broken;
  }

  boolean isBroken(int id) {
    return isBroken[id];
  }

  /** The size in bytes, as far as it makes sense; 0 of what has none, negative of what can't be. */
  long size(int id) {
    return id == 0 ? 0 : sizes[id];
  }

  /**
   * The type that is written for a reference to {@code id}: tags on types aren't written. 0 for
   * {@code void}, and for what is no type of a value.
   */
  int target(int id) {
    int at = id;
    while (types.has(at) && types.kind(at) == BtfKind.TYPE_TAG && !isBroken[at]) {
      at = types.sizeOrType(at);
    }
    return isValue(at) && types.kind(at) != BtfKind.TYPE_TAG ? at : 0;
  }

  private boolean isValue(int id) {
    return types.has(id) && (1 << types.kind(id) & VALUES) != 0;
  }

  private void breakUp(int id) {
    if (!isBroken[id]) {
      isBroken[id] = true;
      broken++;
    }
  }

  /** How many types lie in each other in {@code id}, at most; its size comes of it. */
  private int inside(int id, int depth) {
    if (inside[id] != 0) {
      return inside[id];
    }
    inside[id] = ENTERED;
    int kind = types.kind(id);
    int height = 1;
    if ((1 << kind & INSIDE) != 0) {
      int target = kind == BtfKind.ARRAY ? types.word(id, 0) : types.sizeOrType(id);
      height = 1 + inner(id, target, depth);
      sizes[id] = isBroken[id] || !isValue(target) ? 0 : sizes[target];
      if (kind == BtfKind.ARRAY) {
        sizes[id] = product(sizes[id], types.word(id, 2) & 0xffff_ffffL);
      }
    } else if ((1 << kind & STRUCTURES) != 0) {
      int count = types.count(id);
      for (int i = 0; i < count && !isBroken[id]; i++) {
        height = Math.max(height, 1 + inner(id, types.word(id, 3 * i + 1), depth));
      }
      sizes[id] = types.sizeOrType(id) & 0xffff_ffffL;
    } else if (kind == BtfKind.PTR) {
      sizes[id] = types.pointerSize();
    } else if (kind != BtfKind.FUNC_PROTO && kind != BtfKind.FWD) {
      sizes[id] = types.sizeOrType(id) & 0xffff_ffffL;
    }
    inside[id] = (byte) (isBroken[id] ? 1 : height);
    return inside[id];
  }

  private int inner(int id, int target, int depth) {
    if (!isValue(target)) {
      return 0;
    }
    int height =
        inside[target] == 0 && depth == Type.MAX_DEPTH ? ENTERED : inside(target, depth + 1);
    if (height == ENTERED || height >= Type.MAX_DEPTH) {
      breakUp(id);
    }
    return height;
  }

  private static long product(long size, long count) {
    return size < 0 || Math.multiplyHigh(size, count) != 0 || size * count < 0 ? -1 : size * count;
  }

  /** How many types lead from {@code id} to a structure or number, at most. */
  private int chain(int id, int depth) {
    if (chains[id] != 0) {
      return chains[id];
    }
    chains[id] = ENTERED;
    int height = 1;
    int kind = types.kind(id);
    if (!isBroken[id]) {
      int target = kind == BtfKind.ARRAY ? types.word(id, 0) : types.sizeOrType(id);
      height = 1 + link(id, target, depth);
    }
    int count = kind == BtfKind.FUNC_PROTO ? types.count(id) : 0;
    for (int i = 0; i < count && !isBroken[id]; i++) {
      height = Math.max(height, 1 + link(id, types.word(id, 2 * i + 1), depth));
    }
    chains[id] = (byte) (isBroken[id] ? 1 : height);
    return chains[id];
  }

  private int link(int id, int target, int depth) {
    if (!types.has(target) || (1 << types.kind(target) & CHAINED) == 0) {
      return 0;
    }
    int height =
        chains[target] == 0 && depth == Type.MAX_DEPTH ? ENTERED : chain(target, depth + 1);
    if (height == ENTERED || height >= Type.MAX_DEPTH) {
      breakUp(id);
    }
    return height;
  }
}
