package org.vmcore.debuginfo.dwarf;

import org.vmcore.kernel.unwind.OrcEntry;
import org.vmcore.kernel.unwind.OrcEntry.Base;
import org.vmcore.kernel.unwind.OrcEntry.Kind;

/**
 * How a debugger gets from a frame to its caller: what an ORC entry says in DWARF's terms.
 *
 * @param cfa what the canonical frame address is counted from
 * @param cfaOffset added to it
 * @param rbp where the caller's rbp was saved is counted from; {@link Base#UNDEFINED} where it is
 *     the caller's still
 * @param rbpOffset added to it
 * @param kind what lies at the canonical frame address
 */
record FrameRules(Base cfa, int cfaOffset, Base rbp, int rbpOffset, Kind kind) {
  /** In front of a function's first instruction: only the return address was pushed. */
  static final FrameRules CALLED = new FrameRules(Base.SP, 8, Base.UNDEFINED, 0, Kind.CALL);

  /** Nothing is known of the caller. */
  private static final FrameRules NONE =
      new FrameRules(Base.SP, 8, Base.UNDEFINED, 0, Kind.UNDEFINED);

  /** From the start of a struct pt_regs to the CPU's own part of it. */
  private static final int IRET = 128;

  static FrameRules of(OrcEntry entry) {
    boolean isKnown = entry.sp() != Base.UNDEFINED && entry.sp() != Base.PREV_SP;
    if (!isKnown || entry.kind() == Kind.UNDEFINED || entry.kind() == Kind.END_OF_STACK) {
      return NONE;
    }
    boolean hasOffset =
        switch (entry.sp()) {
          case SP, BP, SP_INDIRECT, BP_INDIRECT -> true;
          default -> false;
        };
    int cfaOffset = hasOffset ? entry.spOffset() : 0;
    if (entry.kind() == Kind.REGS) {
      return new FrameRules(entry.sp(), cfaOffset, Base.UNDEFINED, 0, Kind.REGS);
    }
    int start = entry.kind() == Kind.REGS_PARTIAL && entry.bp() == Base.PREV_SP ? IRET : 0;
    boolean isSaved = entry.bp() == Base.PREV_SP || entry.bp() == Base.BP;
    return new FrameRules(
        entry.sp(),
        cfaOffset,
        isSaved ? entry.bp() : Base.UNDEFINED,
        isSaved ? start + entry.bpOffset() : 0,
        entry.kind());
  }
}
