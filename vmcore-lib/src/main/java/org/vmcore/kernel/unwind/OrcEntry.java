package org.vmcore.kernel.unwind;

/**
 * How to get from a frame to its caller (arch/x86/include/asm/orc_types.h).
 *
 * @param spOffset added to {@code sp}
 * @param bpOffset where the caller's rbp was saved, from {@code bp} on
 * @param sp what the caller's stack pointer is counted from
 * @param bp what the place of the saved rbp is counted from; {@link Base#UNDEFINED} where rbp is
 *     still the caller's
 * @param kind what lies there
 * @param isSignal whether the caller was interrupted
 */
public record OrcEntry(int spOffset, int bpOffset, Base sp, Base bp, Kind kind, boolean isSignal) {
  /** Code that ORC knows nothing of, which might use a frame pointer: only a guess. */
  static final OrcEntry FRAME_POINTER =
      new OrcEntry(16, -16, Base.BP, Base.PREV_SP, Kind.CALL, false);

  /** A call to nowhere: nothing was pushed since. */
  static final OrcEntry CALLED = new OrcEntry(8, 0, Base.SP, Base.UNDEFINED, Kind.CALL, false);

  /** ORC_REG_*: the register, or the memory that it points to. */
  public enum Base {
    UNDEFINED(""),
    PREV_SP(""),
    AX("rax"),
    DX("rdx"),
    DI("rdi"),
    BP("rbp"),
    SP("rsp"),
    R10("r10"),
    R13("r13"),
    BP_INDIRECT("rbp"),
    SP_INDIRECT("rsp");

    private final String register;

    Base(String register) {
      this.register = register;
    }

    /** The register's name. */
    String register() {
      return register;
    }
  }

  /** ORC_TYPE_*. */
  public enum Kind {
    /** Nothing is known: this is no place to be unwound from. */
    UNDEFINED,

    /** The outermost frame. */
    END_OF_STACK,

    /** A return address. */
    CALL,

    /** A struct pt_regs. */
    REGS,

    /** The last five words of one: rip, cs, rflags, rsp, ss. */
    REGS_PARTIAL
  }
}
