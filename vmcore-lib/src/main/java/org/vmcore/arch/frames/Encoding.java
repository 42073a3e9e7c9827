package org.vmcore.arch.frames;

import java.nio.ByteOrder;

/** How long an architecture's instructions are, and in which order their bytes stand. */
public enum Encoding {
  /** Four bytes, in the kernel's order. */
  WORDS {
    @Override
    boolean isBig(ByteOrder order) {
      return order == ByteOrder.BIG_ENDIAN;
    }
  },

  /** arm64: four bytes, little endian whatever the kernel's order. */
  LITTLE_WORDS,

  /** riscv: little endian, four bytes where the two lowest bits are set, else two. */
  RISCV {
    @Override
    int size(byte[] code, int at) {
      return (code[at] & 3) == 3 ? 4 : 2;
    }
  },

  /** s390: big endian, two, four or six bytes, by the two highest bits. */
  S390 {
    @Override
    int size(byte[] code, int at) {
      return switch ((code[at] & 0xc0) >> 6) {
        case 0 -> 2;
        case 3 -> 6;
        default -> 4;
      };
    }

    @Override
    boolean isBig(ByteOrder order) {
      return true;
    }
  };

  /** The size in bytes of the instruction at {@code at}. */
  int size(byte[] code, int at) {
    return Integer.BYTES;
  }

  /** Whether its highest byte is the first, in a kernel of {@code order}. */
  boolean isBig(ByteOrder order) {
    return false;
  }

  /** The instruction of {@code size} bytes at {@code at} as a number. */
  long instruction(byte[] code, int at, int size, ByteOrder order) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      int next = isBig(order) ? at + i : at + size - 1 - i;
      value = value << Byte.SIZE | (code[next] & 0xff);
    }
    return value;
  }
}
