package org.vmcore.kernel.unwind;

import java.util.OptionalLong;
import org.vmcore.memory.VmcoreException;

/**
 * What the instructions around a place in a function of arm64 tell of its frame record, and of the
 * call that led there (FORMATS.md, 94; Arm Architecture Reference Manual, C6).
 */
public final class Arm64Code {
  private static final int SIZE = 4;

  /** Bytes of a function that are looked at. */
  private static final int MOST = 1 << 16;

  private final StackMemory memory;
  private final Functions functions;

  /** The code in {@code memory}, of {@code functions}. */
  public Arm64Code(StackMemory memory, Functions functions) {
    this.memory = memory;
    this.functions = functions;
  }

  /**
   * Whether x29 points to the function's own record at {@code pc}, so that x30 isn't needed any
   * more. Behind a return there is code that was jumped to, and has the record again.
   */
  public boolean hasRecord(long pc) throws BrokenStack, VmcoreException {
    OptionalLong start = functions.startOf(pc);
    if (start.isEmpty()) {
      return false;
    }
    if (pc - start.getAsLong() > MOST) {
      return true;
    }
    boolean isMade = false;
    boolean isTaken = false;
    for (long at = start.getAsLong(); at < pc; at += SIZE) {
      int code = instruction(at);
      if (isMade && isReturn(code)) {
        isTaken = false;
      } else if (setsRecord(code)) {
        isMade = true;
        isTaken = false;
      } else if (isMade && loadsRecord(code)) {
        isTaken = true;
      }
    }
    return isMade && !isTaken;
  }

  /** Whether a call that returns to {@code address} may have led to {@code pc}. */
  boolean leadsTo(long address, long pc) throws VmcoreException {
    try {
      int code = instruction(address - SIZE);
      OptionalLong start = functions.startOf(pc);
      boolean isDirect = (code & 0xfc00_0000) == 0x9400_0000;
      long target = address - SIZE + ((long) (code << 6) >> 4);
      return isDirect
          ? start.isPresent() && target == start.getAsLong()
          : (code & 0xfe9f_f000) == 0xd61f_0000 && (code & 0x0060_0000) == 0x0020_0000;
    } catch (BrokenStack e) {
      return false;
    }
  }

  private int instruction(long address) throws BrokenStack, VmcoreException {
    long word = memory.word(address & -Long.BYTES);
    return (int) (word >>> (8 * (address & SIZE)));
  }

  /** {@code mov x29, sp} or {@code add x29, sp, #…}. */
  private static boolean setsRecord(int code) {
    return (code & 0xff80_03ff) == 0x9100_03fd;
  }

  /** {@code ldp x29, x30, [sp…]}, with or without a change of sp. */
  private static boolean loadsRecord(int code) {
    return (code & 0xfe40_7fff) == 0xa840_7bfd;
  }

  /**
   * {@code ret}, {@code retaa}, {@code retab}, {@code b} and {@code br}: what follows is
   * elsewhere's.
   */
  private static boolean isReturn(int code) {
    return (code & 0xffff_fc1f) == 0xd65f_0000
        || (code & 0xffff_fbff) == 0xd65f_0bff
        || (code & 0xfc00_0000) == 0x1400_0000
        || (code & 0xffff_fc1f) == 0xd61f_0000;
  }
}
