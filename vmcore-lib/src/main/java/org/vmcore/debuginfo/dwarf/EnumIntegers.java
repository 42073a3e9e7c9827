package org.vmcore.debuginfo.dwarf;

import org.vmcore.kernel.btf.BtfKind;
import org.vmcore.kernel.btf.TypeRecords;

/** The integers that enumerations are made of: BTF tells only their size and sign. */
final class EnumIntegers {
  private static final int SIGNED = 1;
  private static final int LARGEST = 8;

  private final TypeRecords types;
  private final int[] ids = new int[2 * (LARGEST + 1)];

  private EnumIntegers(TypeRecords types) {
    this.types = types;
  }

  static EnumIntegers of(TypeRecords types) {
    EnumIntegers integers = new EnumIntegers(types);
    for (int id = types.endId() - 1; id > 0; id--) { // the first one of its size is taken
      if (types.kind(id) == BtfKind.INT) {
        integers.put(id);
      }
    }
    return integers;
  }

  private void put(int id) {
    int size = types.sizeOrType(id);
    int encoding = types.word(id, 0) >>> 24;
    boolean isWhole = (types.word(id, 0) & 0xff_ffff) == 8 * size;
    if (size > 0 && size <= LARGEST && isWhole && (encoding & ~SIGNED) == 0) {
      ids[2 * size + (encoding & SIGNED)] = id;
    }
  }

  /** That of the enumeration {@code id}; 0 when there is none. */
  int of(int id) {
    int size = types.sizeOrType(id);
    boolean isKnown = size > 0 && size <= LARGEST;
    return isKnown ? ids[2 * size + (types.hasFlag(id) ? SIGNED : 0)] : 0;
  }
}
