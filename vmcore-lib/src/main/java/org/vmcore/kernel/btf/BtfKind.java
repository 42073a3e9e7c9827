package org.vmcore.kernel.btf;

/** The kinds of BTF and how many bytes each has behind the 12 that all have. */
final class BtfKind {
  static final int INT = 1;
  static final int PTR = 2;
  static final int ARRAY = 3;
  static final int STRUCT = 4;
  static final int UNION = 5;
  static final int ENUM = 6;
  static final int FWD = 7;
  static final int TYPEDEF = 8;
  static final int VOLATILE = 9;
  static final int CONST = 10;
  static final int RESTRICT = 11;
  static final int FUNC = 12;
  static final int FUNC_PROTO = 13;
  static final int VAR = 14;
  static final int DATASEC = 15;
  static final int FLOAT = 16;
  static final int DECL_TAG = 17;
  static final int TYPE_TAG = 18;
  static final int ENUM64 = 19;

  /** Of name_off, info, and size or type. */
  static final int COMMON = 12;

  private BtfKind() {}

  /** Bytes behind the common ones; −1 of a kind that isn't known. */
  static int more(int kind, int vlen) {
    return switch (kind) {
      case INT, VAR, DECL_TAG -> 4;
      case ARRAY -> 12;
      case STRUCT, UNION, DATASEC, ENUM64 -> 12 * vlen;
      case ENUM, FUNC_PROTO -> 8 * vlen;
      case PTR, FWD, TYPEDEF, VOLATILE, CONST, RESTRICT, FUNC, FLOAT, TYPE_TAG -> 0;
      default -> -1;
    };
  }
}
