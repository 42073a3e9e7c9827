package org.vmcore.kernel.unwind;

import java.util.ArrayList;
import java.util.List;
import org.vmcore.elf.Register;

/** Registers of arm64, and struct pt_regs made of them. */
record Arm64Registers(long pc, long sp, long x29, long x30, long pstate) {
  static final int RECORD = 304;
  static final int EL1 = 5;

  List<Register> list() {
    List<Register> all = new ArrayList<>();
    for (int i = 0; i < 29; i++) {
      all.add(new Register("x" + i, i));
    }
    all.add(new Register("x29", x29));
    all.add(new Register("x30", x30));
    all.add(new Register("sp", sp));
    all.add(new Register("pc", pc));
    all.add(new Register("pstate", pstate));
    return all;
  }

  /** struct pt_regs, its record with these two words. */
  long[] ptRegs(long fp, long lr) {
    long[] words = new long[42];
    List<Register> all = list();
    for (int i = 0; i < all.size(); i++) {
      words[i] = all.get(i).value();
    }
    words[RECORD / 8] = fp;
    words[RECORD / 8 + 1] = lr;
    return words;
  }
}
