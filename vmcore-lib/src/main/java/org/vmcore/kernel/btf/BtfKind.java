package org.vmcore.kernel.btf;

import java.util.Arrays;

/** The kinds of BTF and how many bytes each has behind the 12 that all have. */
public final class BtfKind {
  public static final int INT = 1;
  public static final int PTR = 2;
  public static final int ARRAY = 3;
  public static final int STRUCT = 4;
  public static final int UNION = 5;
  public static final int ENUM = 6;
  public static final int FWD = 7;
  public static final int TYPEDEF = 8;
  public static final int VOLATILE = 9;
  public static final int CONST = 10;
  public static final int RESTRICT = 11;
  public static final int FUNC = 12;
  public static final int FUNC_PROTO = 13;
  public static final int VAR = 14;
  public static final int DATASEC = 15;
  public static final int FLOAT = 16;
  public static final int DECL_TAG = 17;
  public static final int TYPE_TAG = 18;
  public static final int ENUM64 = 19;

  /** Of name_off, info, and size or type. */
  static final int COMMON = 12;

  private static final int KINDS = 32;

  /** Bytes behind the common ones, by kind; of a kind that isn't known less than 0. */
  static final int[] FIXED = new int[KINDS];

  /** The same of each member, value, parameter or variable. */
  static final int[] EACH = new int[KINDS];

  static {
    Arrays.fill(FIXED, ENUM64 + 1, KINDS, -1);
    FIXED[0] = -1;
    FIXED[INT] = 4;
    FIXED[VAR] = 4;
    FIXED[DECL_TAG] = 4;
    FIXED[ARRAY] = 12;
    EACH[STRUCT] = 12;
    EACH[UNION] = 12;
    EACH[DATASEC] = 12;
    EACH[ENUM64] = 12;
    EACH[ENUM] = 8;
    EACH[FUNC_PROTO] = 8;
  }

  private BtfKind() {}
}
