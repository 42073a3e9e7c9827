package org.vmcore.debuginfo.layout;

import org.vmcore.arch.Machine;

/** What assemblers and compilers put between functions, to have each at an aligned address. */
enum CodeFilling {
  /** Breakpoints (int3), and NOPs of up to 15 bytes. */
  X86 {
    @Override
    int start(byte[] code, int from, int to) {
      int start = to;
      for (int size = 1; size > 0; start -= size) {
        size = fillingBefore(code, from, start);
      }
      return start;
    }
  },

  /** NOPs, and words of zeros, which are no instruction. */
  ARM64 {
    @Override
    int start(byte[] code, int from, int to) {
      int start = to;
      while (start - from >= Integer.BYTES && isFilling(word(code, start - Integer.BYTES))) {
        start -= Integer.BYTES;
      }
      return start;
    }
  },

  /** Of other machines nothing is known. */
  NONE {
    @Override
    int start(byte[] code, int from, int to) {
      return to;
    }
  };

  private static final int ARM64_NOP = 0xd503201f;
  private static final int INT3 = 0xcc;
  private static final int NOP = 0x90;
  private static final int DATA16 = 0x66;
  private static final int CS = 0x2e;

  /**
   * What comes behind the prefixes of a NOP of 3 bytes and more: 0f 1f, ModRM, SIB, displacement.
   */
  private static final int[][] LONG_NOPS = {
    {0x0f, 0x1f, 0x00},
    {0x0f, 0x1f, 0x40, 0},
    {0x0f, 0x1f, 0x44, 0, 0},
    {0x0f, 0x1f, 0x80, 0, 0, 0, 0},
    {0x0f, 0x1f, 0x84, 0, 0, 0, 0, 0},
  };

  static CodeFilling of(Machine machine) {
    return switch (machine.number()) {
      case Machine.X86_64 -> X86;
      case Machine.ARM64 -> ARM64;
      default -> NONE;
    };
  }

  /** Where in {@code code}, which ends at {@code to}, the filling at its end begins. */
  abstract int start(byte[] code, int from, int to);

  private static boolean isFilling(int word) {
    return word == ARM64_NOP || word == 0;
  }

  private static int word(byte[] code, int at) {
    return (code[at] & 0xff)
        | (code[at + 1] & 0xff) << 8
        | (code[at + 2] & 0xff) << 16
        | code[at + 3] << 24;
  }

  /** The size of the one that ends at {@code end}; 0 where there is none. */
  private static int fillingBefore(byte[] code, int from, int end) {
    for (int[] nop : LONG_NOPS) {
      if (endsWith(code, from, end, nop)) {
        return nop.length + prefixes(code, from, end - nop.length);
      }
    }
    if (end == from) {
      return 0;
    }
    int last = code[end - 1] & 0xff;
    return switch (last) {
      case INT3 -> 1;
      case NOP -> 1 + prefixes(code, from, end - 1);
      default -> 0;
    };
  }

  private static boolean endsWith(byte[] code, int from, int end, int[] bytes) {
    if (end - from < bytes.length) {
      return false;
    }
    for (int i = 0; i < bytes.length; i++) {
      if ((code[end - bytes.length + i] & 0xff) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  private static int prefixes(byte[] code, int from, int end) {
    int start = end;
    while (start > from && ((code[start - 1] & 0xff) == DATA16 || (code[start - 1] & 0xff) == CS)) {
      start--;
    }
    return end - start;
  }
}
