package org.vmcore.kernel.unwind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.kernel.unwind.SyntheticStack.IRQ_STACK;
import static org.vmcore.kernel.unwind.SyntheticStack.STACK;
import static org.vmcore.kernel.unwind.SyntheticStack.TEXT;
import static org.vmcore.kernel.unwind.SyntheticStack.broken;
import static org.vmcore.kernel.unwind.SyntheticStack.pcs;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.vmcore.elf.Register;
import org.vmcore.kernel.unwind.OrcEntry.Base;
import org.vmcore.kernel.unwind.OrcEntry.Kind;

class OrcUnwinderTest {
  private static final long LEAF = TEXT;
  private static final long MIDDLE = TEXT + 0x1000;
  private static final long OUTER = TEXT + 0x2000;
  private static final long ENTRY = TEXT + 0x3000;
  private static final long SP = STACK + 0x3000;
  private static final OrcEntry END =
      new OrcEntry(0, 0, Base.UNDEFINED, Base.UNDEFINED, Kind.END_OF_STACK, false);
  private static final OrcEntry UNDEFINED =
      new OrcEntry(0, 0, Base.UNDEFINED, Base.UNDEFINED, Kind.UNDEFINED, false);

  private static X86Frame sleeping(long rip, long rsp) {
    return new X86Frame(rip, rsp, 0x5b, false, true, List.of());
  }

  private static X86Frame interrupted(long rip, long rsp, long rbp) {
    return X86Frame.interrupted(
        List.of(
            new Register("rip", rip),
            new Register("rsp", rsp),
            new Register("rbp", rbp),
            new Register("cs", 0x10)));
  }

  /** struct pt_regs whose words are 1, 2, 3… but for these. */
  private static long[] ptRegs(long rbp, long rip, long cs, long rsp) {
    long[] words = new long[21];
    for (int i = 0; i < words.length; i++) {
      words[i] = i + 1L;
    }
    words[4] = rbp;
    words[16] = rip;
    words[17] = cs;
    words[19] = rsp;
    return words;
  }

  private static OrcEntry regs(Kind kind) {
    return new OrcEntry(0, 0, Base.SP, Base.UNDEFINED, kind, true);
  }

  @Test
  void callsUpToTheOutermost() throws Exception {
    SyntheticStack stack =
        new SyntheticStack()
            .function(LEAF, 0x18)
            .function(MIDDLE, 0x10)
            .function(OUTER, END)
            .put(SP, 0, 0, MIDDLE + 0x20, 0, OUTER + 0x10);

    Trace trace = stack.orc(sleeping(LEAF + 0x40, SP));

    assertThat(pcs(trace)).containsExactly(LEAF + 0x40, MIDDLE + 0x20, OUTER + 0x10);
    assertThat(trace.steps().get(1).pointer()).isEqualTo(SP + 0x18);
    assertThat(trace.steps()).allMatch(Trace.Step::isReliable);
    assertThat(trace.broken()).isEmpty();
  }

  @Test
  void aCallAtTheEndOfAFunctionIsThatFunctions() throws Exception {
    SyntheticStack stack =
        new SyntheticStack()
            .function(LEAF, 8)
            .function(MIDDLE, 8)
            .function(MIDDLE + 0x100, 0x100)
            .function(OUTER, END)
            .put(SP, MIDDLE + 0x100, OUTER + 1);

    assertThat(pcs(stack.orc(sleeping(LEAF + 1, SP))))
        .containsExactly(LEAF + 1, MIDDLE + 0x100, OUTER + 1);
  }

  @Test
  void aFramePointerThatWasPushed() throws Exception {
    OrcEntry pushed = new OrcEntry(0x20, -16, Base.SP, Base.PREV_SP, Kind.CALL, false);
    OrcEntry framed = new OrcEntry(16, -16, Base.BP, Base.PREV_SP, Kind.CALL, false);
    SyntheticStack stack =
        new SyntheticStack()
            .function(LEAF, pushed)
            .function(MIDDLE, framed)
            .function(OUTER, END)
            .put(SP, 0, 0, SP + 0x80, MIDDLE + 9)
            .put(SP + 0x80, 0x77, OUTER + 5);

    Trace trace = stack.orc(sleeping(LEAF + 1, SP));

    assertThat(pcs(trace)).containsExactly(LEAF + 1, MIDDLE + 9, OUTER + 5);
    assertThat(trace.steps().get(2).pointer()).isEqualTo(SP + 0x90);
  }

  @Test
  void fromTheIrqStackToTheTasks() throws Exception {
    OrcEntry indirect = new OrcEntry(8, 0, Base.SP_INDIRECT, Base.UNDEFINED, Kind.CALL, false);
    long irq = IRQ_STACK + 0x3f00;
    SyntheticStack stack =
        new SyntheticStack()
            .function(LEAF, 8)
            .function(MIDDLE, indirect)
            .function(ENTRY, regs(Kind.REGS))
            .function(OUTER, 0x10)
            .function(TEXT + 0x4000, END)
            .put(irq, MIDDLE + 1, SP)
            .put(SP, ENTRY + 1)
            .put(SP + 8, ptRegs(0xbb, OUTER + 0x33, 0x10, SP + 0x100))
            .put(SP + 0x100, 0, TEXT + 0x4001);

    Trace trace = stack.orc(sleeping(LEAF + 1, irq));

    assertThat(pcs(trace))
        .containsExactly(LEAF + 1, MIDDLE + 1, ENTRY + 1, OUTER + 0x33, TEXT + 0x4001);
    Trace.Step exception = trace.steps().get(3);
    assertThat(exception.isInterrupted()).isTrue();
    assertThat(exception.registers()).hasSize(21).contains(new Register("rbp", 0xbb));
    assertThat(trace.steps().get(4).registers()).isEmpty();
    assertThat(trace.broken()).isEmpty();
  }

  @Test
  void userSpaceIsTheEnd() throws Exception {
    SyntheticStack stack =
        new SyntheticStack()
            .function(LEAF, 8)
            .function(ENTRY, regs(Kind.REGS))
            .put(SP, ENTRY + 1)
            .put(SP + 8, ptRegs(0, 0x40_1000, 0x33, 0x7ffc_0000));

    Trace trace = stack.orc(sleeping(LEAF + 1, SP));

    assertThat(pcs(trace)).containsExactly(LEAF + 1, ENTRY + 1);
    assertThat(trace.user()).contains(new Register("rip", 0x40_1000));
    assertThat(trace.broken()).isEmpty();
  }

  @Test
  void whatTheCpuPushedItself() throws Exception {
    OrcEntry partial = new OrcEntry(8, 0, Base.SP, Base.UNDEFINED, Kind.REGS_PARTIAL, true);
    SyntheticStack stack =
        new SyntheticStack()
            .function(LEAF, partial)
            .function(MIDDLE, END)
            .put(SP, 0xe0, MIDDLE + 2, 0x10, 0x246, SP + 0x200, 0x18);

    Trace trace = stack.orc(interrupted(LEAF, SP, 0xb1));

    assertThat(pcs(trace)).containsExactly(LEAF, MIDDLE + 2);
    assertThat(trace.steps().get(1).registers())
        .contains(new Register("rbp", 0xb1), new Register("eflags", 0x246))
        .hasSize(6);
  }

  @Test
  void aStackThatOverflowedBeginsBelowItself() throws Exception {
    long below = STACK - 0x20;
    SyntheticStack stack =
        new SyntheticStack().function(LEAF, 0x40).function(OUTER, END).put(below + 0x38, OUTER + 1);

    Trace trace = stack.orc(interrupted(LEAF + 8, below, 0));

    assertThat(pcs(trace)).containsExactly(LEAF + 8, OUTER + 1);
  }

  @Test
  void aFunctionThatOrcLeavesOut() throws Exception {
    SyntheticStack stack =
        new SyntheticStack()
            .function(LEAF, UNDEFINED)
            .code(LEAF, 0x0f, 0x1f, 0x44, 0, 0, 0x53, 0x31, 0xc0, 0xba, 1, 0, 0, 0)
            .code(LEAF + 13, 0x48, 0x81, 0xec, 0xb0, 0, 0, 0, 0x65, 0x48, 0x8b, 4, 0x25, 0, 0, 0)
            .function(MIDDLE, 0x10)
            .code(MIDDLE + 0x18, 0, 0, 0, 0xe8, 0xe0, 0xef, 0xff, 0xff)
            .function(OUTER, END)
            .put(SP + 0xb8, MIDDLE + 0x20, 0, OUTER + 1);

    Trace trace = stack.orc(interrupted(LEAF + 0x60, SP, 0));

    assertThat(pcs(trace)).containsExactly(LEAF + 0x60, MIDDLE + 0x20, OUTER + 1);
    assertThat(trace.steps()).allMatch(Trace.Step::isReliable);
  }

  @Test
  void aFunctionThatOrcLeavesOutAndThatWasJumpedTo() throws Exception {
    SyntheticStack stack =
        new SyntheticStack()
            .function(LEAF, UNDEFINED)
            .code(LEAF, 0x55, 0x48, 0x89, 0xe5, 0x48, 0x83, 0xec, 0x20, 0, 0, 0, 0, 0, 0, 0, 0)
            .function(MIDDLE, 0x10)
            .code(MIDDLE + 0x18, 0, 0, 0, 0xe8, 0, 0, 0, 0)
            .function(OUTER, END)
            .put(SP + 0x20, 0x77, MIDDLE + 0x20, 0, OUTER + 1);

    Trace trace = stack.orc(interrupted(LEAF + 0x10, SP, SP + 0x20));

    assertThat(pcs(trace)).containsExactly(LEAF + 0x10, MIDDLE + 0x20, OUTER + 1);
    assertThat(trace.steps().get(0).isReliable()).isTrue();
    assertThat(trace.steps().get(1).isReliable()).isFalse();
    assertThat(trace.steps().get(2).isReliable()).isFalse();
  }

  @Test
  void aFunctionThatOrcLeavesOutWithoutACallBehindIt() throws Exception {
    SyntheticStack stack =
        new SyntheticStack()
            .function(LEAF, UNDEFINED)
            .code(LEAF, 0x53, 0xcc, 0, 0, 0, 0, 0, 0, 0)
            .function(MIDDLE, 0x10)
            .code(MIDDLE + 0x18, 0, 0, 0, 0, 0, 0, 0, 0)
            .put(SP, 0, MIDDLE + 0x20);

    Trace trace = stack.orc(interrupted(LEAF + 0x10, SP, 0));

    assertThat(pcs(trace)).containsExactly(LEAF + 0x10);
    assertThat(broken(trace)).isEqualTo("ORC knows no way back from 0xffffffff81000010");
  }

  @Test
  void aCallOfNullIsMarked() throws Exception {
    SyntheticStack stack =
        new SyntheticStack()
            .function(MIDDLE, 0x10)
            .code(MIDDLE + 0x18, 0, 0, 0, 0, 0, 0, 0xff, 0xd0)
            .function(OUTER, END)
            .put(SP, MIDDLE + 0x20, 0, OUTER + 1);

    Trace trace = stack.orc(interrupted(0, SP, 0));

    assertThat(pcs(trace)).containsExactly(0L, MIDDLE + 0x20, OUTER + 1);
    assertThat(trace.steps().get(1).isReliable()).isFalse();
  }

  @Test
  void generatedCodeIsGuessedByItsFramePointer() throws Exception {
    long generated = 0xffff_ffff_c000_1000L;
    SyntheticStack stack =
        new SyntheticStack()
            .function(LEAF, 8)
            .function(MIDDLE, 0x10)
            .code(MIDDLE + 0x18, 0, 0, 0, 0xe8, 0, 0, 0, 0)
            .function(OUTER, END)
            .put(SP, generated)
            .put(SP + 0x40, 0x77, MIDDLE + 0x20, 0, OUTER + 1);

    Trace trace = stack.orc(new X86Frame(LEAF + 1, SP, SP + 0x40, false, true, List.of()));

    assertThat(pcs(trace)).containsExactly(LEAF + 1, generated, MIDDLE + 0x20, OUTER + 1);
    assertThat(trace.steps())
        .extracting(Trace.Step::isReliable)
        .containsExactly(true, true, false, false);
  }

  @Test
  void whatIsNoCodeIsNoFrame() throws Exception {
    SyntheticStack stack = new SyntheticStack().function(LEAF, 8).put(SP, STACK + 0x10);

    Trace trace = stack.orc(sleeping(LEAF + 1, SP));

    assertThat(pcs(trace)).containsExactly(LEAF + 1);
    assertThat(broken(trace))
        .isEqualTo("0xffffc90000004010, the return address at 0xffffc90000007000, isn't code");
  }

  @Test
  void aStackThatPointsToItself() throws Exception {
    OrcEntry framed = new OrcEntry(16, -16, Base.BP, Base.PREV_SP, Kind.CALL, false);
    SyntheticStack stack =
        new SyntheticStack().function(LEAF, framed).put(SP + 0x80, SP + 0x80, LEAF + 5);

    Trace trace = stack.orc(new X86Frame(LEAF + 1, SP, SP + 0x80, false, true, List.of()));

    assertThat(pcs(trace)).containsExactly(LEAF + 1, LEAF + 5);
    assertThat(broken(trace))
        .isEqualTo("the stack leads back from 0xffffc90000007090 to 0xffffc90000007090");
  }

  @Test
  void twoStacksThatPointToEachOther() throws Exception {
    OrcEntry indirect = new OrcEntry(8, 0, Base.SP_INDIRECT, Base.UNDEFINED, Kind.CALL, false);
    long irq = IRQ_STACK + 0x3f00;
    SyntheticStack stack =
        new SyntheticStack()
            .function(LEAF, indirect)
            .put(SP, irq)
            .put(irq, LEAF + 1)
            .put(irq + 8, SP, LEAF + 1);

    Trace trace = stack.orc(sleeping(LEAF + 1, SP));

    assertThat(broken(trace)).endsWith("in the task stack, which was left before");
    assertThat(trace.steps()).hasSize(2);
  }

  @Test
  void aStackPointerInNoStack() throws Exception {
    OrcEntry framed = new OrcEntry(16, -16, Base.BP, Base.PREV_SP, Kind.CALL, false);
    SyntheticStack stack = new SyntheticStack().function(LEAF, framed);

    Trace trace = stack.orc(new X86Frame(LEAF + 1, SP, 0x1000, false, true, List.of()));

    assertThat(broken(trace))
        .isEqualTo("the stack leads from 0xffffc90000007000 to 0x1010, which is in no stack");
  }

  @Test
  void aRegisterThatIsKnownOnlyWhereTheStackBegins() throws Exception {
    OrcEntry byR10 = new OrcEntry(0, 0, Base.R10, Base.UNDEFINED, Kind.CALL, false);
    SyntheticStack stack =
        new SyntheticStack()
            .function(LEAF, byR10)
            .function(MIDDLE, byR10)
            .put(SP + 0x38, MIDDLE + 1);
    List<Register> registers = List.of(new Register("r10", SP + 0x40));

    Trace trace = stack.orc(new X86Frame(LEAF, SP, 0, true, true, registers));

    assertThat(pcs(trace)).containsExactly(LEAF, MIDDLE + 1);
    assertThat(broken(trace)).isEqualTo("the stack pointer was kept in r10, which isn't known");
  }

  @Test
  void whatCannotBeReadEndsIt() throws Exception {
    SyntheticStack stack = new SyntheticStack().function(LEAF, 8);

    Trace trace = stack.orc(sleeping(LEAF + 1, SP));

    assertThat(pcs(trace)).containsExactly(LEAF + 1);
    assertThat(broken(trace)).isEqualTo("nothing at 0xffffc90000007000");
  }
}
