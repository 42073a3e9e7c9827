package org.vmcore.debuginfo.dwarf;

import org.vmcore.kernel.unwind.OrcEntry.Base;
import org.vmcore.kernel.unwind.OrcEntry.Kind;

/**
 * Writes call frame instructions (DWARF 5, 6.4.2) of x86_64: from one set of rules to the next only
 * what changes.
 */
final class FrameInstructions {
  static final int RSP = 7;
  static final int RETURN_ADDRESS = 16;

  /** data_alignment_factor. */
  static final int WORD = -8;

  private static final int RBP = 6;

  private static final int ADVANCE = 0x40;
  private static final int OFFSET = 0x80;
  private static final int RESTORE = 0xc0;
  private static final int ADVANCE1 = 0x02;
  private static final int ADVANCE2 = 0x03;
  private static final int ADVANCE4 = 0x04;
  private static final int UNDEFINED = 0x07;
  private static final int SAME_VALUE = 0x08;
  private static final int DEF_CFA = 0x0c;
  private static final int DEF_CFA_OFFSET = 0x0e;
  private static final int DEF_CFA_EXPRESSION = 0x0f;
  private static final int EXPRESSION = 0x10;
  private static final int OFFSET_SIGNED = 0x11;

  private static final int DEREF = 0x06;
  private static final int PLUS = 0x22;
  private static final int CONSTS = 0x11;
  private static final int BREG0 = 0x70;

  /** The registers of a struct pt_regs, in on-disk order; −1 has no number or isn't one. */
  private static final int[] PT_REGS = {
    15, 14, 13, 12, RBP, 3, 11, 10, 9, 8, 0, 2, 1, 4, 5, -1, RETURN_ADDRESS, -1, -1, RSP
  };

  /** The first of those that the CPU itself pushes. */
  private static final int IRET = 16;

  private final DwarfBuffer out;

  FrameInstructions(DwarfBuffer out) {
    this.out = out;
  }

  /** What every function begins with. */
  void begin() {
    cfa(FrameRules.CALLED);
    returnAddress();
    sameRbp();
  }

  void advance(long by) {
    if (by < ADVANCE) {
      out.u8(ADVANCE | (int) by);
    } else if (by <= 0xff) {
      out.u8(ADVANCE1);
      out.u8((int) by);
    } else if (by <= 0xffff) {
      out.u8(ADVANCE2);
      out.u16((int) by);
    } else {
      out.u8(ADVANCE4);
      out.u32((int) by);
    }
  }

  void change(FrameRules from, FrameRules to) {
    if (from.cfa() != to.cfa() || isIndirect(to.cfa())) {
      cfa(to);
    } else if (from.cfaOffset() != to.cfaOffset()) {
      out.u8(DEF_CFA_OFFSET);
      out.uleb(to.cfaOffset());
    }
    boolean isOther = from.kind() != to.kind();
    if (isOther) {
      leave(from.kind());
      enter(to.kind());
    }
    boolean isRbpOther = from.rbp() != to.rbp() || from.rbpOffset() != to.rbpOffset();
    if ((isOther || isRbpOther) && to.kind() != Kind.REGS) {
      rbp(to);
    }
  }

  private void cfa(FrameRules rules) {
    if (!isIndirect(rules.cfa()) && rules.cfaOffset() >= 0) {
      out.u8(DEF_CFA);
      out.uleb(number(rules.cfa()));
      out.uleb(rules.cfaOffset());
      return;
    }
    DwarfBuffer expression = new DwarfBuffer(false, 16);
    boolean isInside = rules.cfa() != Base.SP_INDIRECT;
    expression.u8(BREG0 + number(rules.cfa()));
    expression.sleb(isInside ? rules.cfaOffset() : 0);
    if (isIndirect(rules.cfa())) {
      expression.u8(DEREF);
    }
    if (!isInside) {
      expression.u8(CONSTS);
      expression.sleb(rules.cfaOffset());
      expression.u8(PLUS);
    }
    out.u8(DEF_CFA_EXPRESSION);
    block(expression);
  }

  private void block(DwarfBuffer expression) {
    out.uleb(expression.size());
    for (byte each : expression.toArray()) {
      out.u8(each);
    }
  }

  private static boolean isIndirect(Base base) {
    return base == Base.BP_INDIRECT || base == Base.SP_INDIRECT;
  }

  private static int number(Base base) {
    return switch (base) {
      case AX -> 0;
      case DX -> 1;
      case DI -> 5;
      case BP, BP_INDIRECT -> RBP;
      case SP, SP_INDIRECT, UNDEFINED, PREV_SP -> RSP;
      case R10 -> 10;
      case R13 -> 13;
    };
  }

  /** The registers have their first rules again: that of the stack pointer is none of its own. */
  private void leave(Kind kind) {
    if (kind == Kind.REGS) {
      for (int register : PT_REGS) {
        if (register >= 0 && register != RETURN_ADDRESS && register != RBP) {
          out.u8(RESTORE | register);
        }
      }
    } else if (kind == Kind.REGS_PARTIAL) {
      out.u8(RESTORE | RSP);
    }
  }

  private void enter(Kind kind) {
    switch (kind) {
      case CALL -> returnAddress();
      case REGS -> registers(0);
      case REGS_PARTIAL -> registers(IRET);
      case UNDEFINED, END_OF_STACK -> {
        out.u8(UNDEFINED);
        out.uleb(RETURN_ADDRESS);
      }
    }
  }

  private void returnAddress() {
    out.u8(OFFSET | RETURN_ADDRESS);
    out.uleb(1);
  }

  /** The registers of a struct pt_regs whose member {@code first} the frame address is that of. */
  private void registers(int first) {
    for (int i = first; i < PT_REGS.length; i++) {
      if (PT_REGS[i] >= 0) {
        saved(PT_REGS[i], (i - first) * Long.BYTES);
      }
    }
  }

  /** A register that lies at the frame address and {@code offset}, a multiple of 8. */
  private void saved(int register, int offset) {
    int words = offset / WORD;
    if (words >= 0) {
      out.u8(OFFSET | register);
      out.uleb(words);
    } else {
      out.u8(OFFSET_SIGNED);
      out.uleb(register);
      out.sleb(words);
    }
  }

  private void rbp(FrameRules rules) {
    if (rules.rbp() == Base.UNDEFINED) {
      sameRbp();
    } else if (rules.rbp() == Base.PREV_SP && rules.rbpOffset() % WORD == 0) {
      saved(RBP, rules.rbpOffset());
    } else if (rules.rbp() == Base.BP) {
      DwarfBuffer expression = new DwarfBuffer(false, 16);
      expression.u8(BREG0 + RBP);
      expression.sleb(rules.rbpOffset());
      out.u8(EXPRESSION);
      out.uleb(RBP);
      block(expression);
    } else {
      out.u8(UNDEFINED);
      out.uleb(RBP);
    }
  }

  private void sameRbp() {
    out.u8(SAME_VALUE);
    out.uleb(RBP);
  }
}
