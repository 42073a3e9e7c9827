package org.vmcore.kernel.unwind;

import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.kernel.unwind.OrcEntry.Base;
import org.vmcore.kernel.unwind.OrcEntry.Kind;
import org.vmcore.memory.VmcoreException;

/**
 * How a function of x86_64 that ORC leaves out ({@code STACK_FRAME_NON_STANDARD}: __crash_kexec is
 * one) makes its frame, by the instructions at its beginning: what it pushes, and how much room it
 * takes. It is a guess that a return address has to confirm (FORMATS.md, 89).
 */
public final class X86Prologue {
  private static final int MOST = 64;
  private static final int WORD = Long.BYTES;

  private final StackMemory memory;
  private long at;
  private int pushed;
  private int room;

  /** Where rbp was pushed, counted from the caller's stack pointer; 0 where it wasn't. */
  private int savedRbp;

  private boolean isRbpFrame;

  private X86Prologue(StackMemory memory, long start) {
    this.memory = memory;
    this.at = start;
  }

  /**
   * How to get to its caller from anywhere behind the beginning of the function at {@code start}.
   *
   * @throws BrokenStack when its code can't be read
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public static OrcEntry entry(StackMemory memory, long start) throws BrokenStack, VmcoreException {
    return made(memory, start, start + MOST);
  }

  /** How to get from {@code pc} to its caller; empty where no function tells. */
  static Optional<OrcEntry> entry(StackMemory memory, Functions functions, long pc)
      throws BrokenStack, VmcoreException {
    OptionalLong start = functions.startOf(pc);
    if (start.isEmpty()) {
      return Optional.empty();
    }
    long end = Math.min(pc, start.getAsLong() + MOST);
    return Optional.of(made(memory, start.getAsLong(), end));
  }

  private static OrcEntry made(StackMemory memory, long start, long end)
      throws BrokenStack, VmcoreException {
    X86Prologue prologue = new X86Prologue(memory, start);
    while (prologue.at < end && prologue.step()) {}
    return prologue.entry();
  }

  private OrcEntry entry() {
    Base rbp = savedRbp == 0 ? Base.UNDEFINED : Base.PREV_SP;
    return isRbpFrame
        ? new OrcEntry(WORD - savedRbp - WORD, savedRbp, Base.BP, rbp, Kind.CALL, false)
        : new OrcEntry(WORD * (pushed + 1) + room, savedRbp, Base.SP, rbp, Kind.CALL, false);
  }

  /** Goes over one instruction; false at the first that may be anything. */
  private boolean step() throws BrokenStack, VmcoreException {
    long code = memory.word(at);
    int size = push(code);
    if (size == 0) {
      size = take(code);
    }
    if (size == 0) {
      size = other(code);
    }
    at += size;
    return size != 0;
  }

  /** {@code push}: 50+r, for r8 and above behind 41. */
  private int push(long code) {
    boolean isHigh = (code & 0xff) == 0x41;
    int opcode = (int) (isHigh ? code >>> 8 : code) & 0xff;
    if ((opcode & 0xf8) != 0x50) {
      return 0;
    }
    pushed++;
    savedRbp = opcode == 0x55 && !isHigh ? -WORD * (pushed + 1) : savedRbp;
    return isHigh ? 2 : 1;
  }

  /** {@code mov %rsp,%rbp} and {@code sub $…,%rsp}. */
  private int take(long code) {
    int start = (int) code & 0xff_ffff;
    if (start == 0xe58948) {
      isRbpFrame = savedRbp != 0;
      return 3;
    }
    if (start == 0xec8348) {
      room += (byte) (code >>> 24);
      return 4;
    }
    if (start == 0xec8148) {
      room += (int) (code >>> 24);
      return 7;
    }
    return 0;
  }

  /** What leaves rsp alone: nop, endbr64, a call of __fentry__, and mov and xor of registers. */
  private static int other(long code) {
    if ((code & 0xffff_ffffL) == 0xfa1e_0ff3L) {
      return 4;
    }
    if ((code & 0xff) == 0xe8) {
      return 5;
    }
    int nop = nop(code);
    if (nop != 0) {
      return nop;
    }
    boolean hasPrefix = (code & 0xf0) == 0x40;
    int opcode = (int) (hasPrefix ? code >>> 8 : code) & 0xff;
    int modrm = (int) (hasPrefix ? code >>> 16 : code >>> 8) & 0xff;
    int size = hasPrefix ? 1 : 0;
    if ((opcode & 0xf8) == 0xb8 && (code & 0x48) != 0x48) {
      return size + 5;
    }
    boolean isOfRegisters = opcode == 0x89 || opcode == 0x31;
    return isOfRegisters && modrm >= 0xc0 && (modrm & 7) != 4 ? size + 2 : 0;
  }

  /** {@code nop} of several bytes, 0f 1f, which may have a prefix 66; 0 where it is none. */
  private static int nop(long code) {
    int prefix = (code & 0xff) == 0x66 ? 1 : 0;
    long rest = code >>> (8 * prefix);
    if ((rest & 0xffff) != 0x1f0f) {
      return 0;
    }
    int modrm = (int) (rest >>> 16) & 0xff;
    int sib = (modrm & 7) == 4 ? 1 : 0;
    return switch (modrm >> 6) {
      case 0 -> prefix + 3 + sib;
      case 1 -> prefix + 4 + sib;
      case 2 -> prefix + 7 + sib;
      default -> prefix + 3;
    };
  }
}
