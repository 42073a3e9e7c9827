package org.vmcore.kernel.crash;

import org.vmcore.kernel.reading.KernelReader;

/** Whether code has an address in it: as an operand, or relative to itself. */
final class CodeNames {
  private static final int INSTRUCTION = 4;

  /** How many instructions behind an arm64's ADRP its ADD may be. */
  private static final int NEAR = 4;

  private CodeNames() {}

  /** Whether x86_64's {@code code}, which lies at {@code start}, names {@code address}. */
  static boolean x86(KernelReader in, byte[] code, long start, long address) {
    for (int at = 0; at + INSTRUCTION <= code.length; at++) {
      long operand = in.int32(code, at);
      long behind = start + at + INSTRUCTION;
      if (operand == address || behind + operand == address || behind + 1 + operand == address) {
        return true;
      }
    }
    return false;
  }

  /** Whether arm64's {@code code} names {@code address}, by ADRP and ADD. */
  static boolean arm64(KernelReader in, byte[] code, long start, long address) {
    for (int at = 0; at + INSTRUCTION <= code.length; at += INSTRUCTION) {
      int adrp = in.int32(code, at);
      if ((adrp & 0x9f00_0000) == 0x9000_0000 && page(adrp, start + at) == (address & -4096L)) {
        int end = Math.min(code.length - INSTRUCTION, at + NEAR * INSTRUCTION);
        for (int next = at + INSTRUCTION; next <= end; next += INSTRUCTION) {
          if (isAdd(in.int32(code, next), adrp & 31, (int) address & 4095)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static long page(int adrp, long at) {
    long pages = (long) (adrp >> 5 & 0x7_ffff) << 2 | (adrp >>> 29 & 3);
    return (at & -4096L) + ((pages << 43 >> 43) << 12);
  }

  /** ADD Xd, Xn, #imm12, without a shift. */
  private static boolean isAdd(int instruction, int register, int low) {
    return (instruction & 0xffc0_0000) == 0x9100_0000
        && (instruction >> 5 & 31) == register
        && (instruction >> 10 & 0xfff) == low;
  }
}
