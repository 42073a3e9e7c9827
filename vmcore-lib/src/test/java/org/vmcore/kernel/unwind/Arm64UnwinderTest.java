package org.vmcore.kernel.unwind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.kernel.unwind.SyntheticStack.IRQ_STACK;
import static org.vmcore.kernel.unwind.SyntheticStack.STACK;
import static org.vmcore.kernel.unwind.SyntheticStack.TEXT;
import static org.vmcore.kernel.unwind.SyntheticStack.broken;
import static org.vmcore.kernel.unwind.SyntheticStack.pcs;

import org.junit.jupiter.api.Test;
import org.vmcore.elf.Register;

class Arm64UnwinderTest {
  private static final int PACIASP = 0xd503233f;
  private static final int STP = 0xa9be7bfd;
  private static final int MOV_X29_SP = 0x910003fd;
  private static final int LDP = 0xa8c27bfd;
  private static final int RET = 0xd65f03c0;
  private static final int NOP = 0xd503201f;
  private static final int BL = 0x94000000;

  private static final long LEAF = TEXT;
  private static final long MIDDLE = TEXT + 0x1000;
  private static final long OUTER = TEXT + 0x2000;
  private static final long FP = STACK + 0x3000;

  private static SyntheticStack functions() {
    return new SyntheticStack().function(LEAF).function(MIDDLE).function(OUTER);
  }

  private static Arm64Registers at(long pc, long x29, long x30) {
    return new Arm64Registers(pc, STACK + 0x2ff0, x29, x30, Arm64Registers.EL1);
  }

  @Test
  void recordsUpToTheFinalOne() throws Exception {
    SyntheticStack stack =
        functions()
            .put(FP + 0x80 - Arm64Registers.RECORD, new long[Arm64Registers.RECORD / 8])
            .put(FP, FP + 0x40, MIDDLE + 4)
            .put(FP + 0x40, FP + 0x80, OUTER + 8)
            .put(FP + 0x80, 0, 0, 1);

    Trace trace = stack.records(LEAF + 0x10, FP);

    assertThat(pcs(trace)).containsExactly(LEAF + 0x10, MIDDLE + 4, OUTER + 8);
    assertThat(trace.broken()).isEmpty();
    assertThat(trace.user()).isEmpty();
  }

  @Test
  void theFinalRecordIsPartOfTheUserSpacesRegisters() throws Exception {
    long registers = STACK + 0x3e00;
    Arm64Registers user = new Arm64Registers(0x40_1000, 0x7fff_0000, 0, 0, 0);
    SyntheticStack stack =
        functions()
            .put(FP, registers + Arm64Registers.RECORD, MIDDLE + 4)
            .put(registers, user.ptRegs(0, 0));

    Trace trace = stack.records(LEAF + 0x10, FP);

    assertThat(pcs(trace)).containsExactly(LEAF + 0x10, MIDDLE + 4);
    assertThat(trace.user()).contains(new Register("pc", 0x40_1000)).hasSize(34);
  }

  @Test
  void signaturesAreTakenOff() throws Exception {
    SyntheticStack stack = functions().put(FP, 0, (MIDDLE + 4) & ~0x0055_0000_0000_0000L);

    assertThat(pcs(stack.records(LEAF + 0x10, FP))).containsExactly(LEAF + 0x10, MIDDLE + 4);
  }

  @Test
  void aLeafThatMakesNoRecordReturnsByX30() throws Exception {
    SyntheticStack stack =
        functions()
            .instructions(LEAF, PACIASP, NOP, NOP, NOP)
            .instructions(MIDDLE + 0x20, call(MIDDLE + 0x20, LEAF), NOP)
            .put(FP, 0, OUTER + 8);

    Trace trace = stack.records(at(LEAF + 8, FP, MIDDLE + 0x24).list());

    assertThat(pcs(trace)).containsExactly(LEAF + 8, MIDDLE + 0x24, OUTER + 8);
    assertThat(trace.steps()).allMatch(Trace.Step::isReliable);
    assertThat(trace.steps().get(0).isInterrupted()).isTrue();
    assertThat(trace.steps().get(0).registers()).hasSize(34);
  }

  @Test
  void x30ThatNoCallSetIsMarked() throws Exception {
    SyntheticStack stack =
        functions()
            .instructions(LEAF, NOP, NOP, NOP, NOP)
            .instructions(MIDDLE + 0x20, call(MIDDLE + 0x20, OUTER), NOP)
            .put(FP, 0, OUTER + 8);

    Trace trace = stack.records(at(LEAF + 8, FP, MIDDLE + 0x24).list());

    assertThat(trace.steps())
        .extracting(Trace.Step::isReliable)
        .containsExactly(true, false, false);
  }

  @Test
  void whereX30IsNoCodeTheRecordOfACallerIsMarked() throws Exception {
    SyntheticStack stack = functions().instructions(LEAF, NOP, NOP, NOP, NOP).put(FP, 0, OUTER + 8);

    Trace trace = stack.records(at(LEAF + 8, FP, STACK).list());

    assertThat(pcs(trace)).containsExactly(LEAF + 8, OUTER + 8);
    assertThat(trace.steps()).extracting(Trace.Step::isReliable).containsExactly(true, false);
  }

  @Test
  void aTaskThatSleepsHasItsRecordForAStackPointer() throws Exception {
    SyntheticStack stack = functions().put(FP, FP + 0x40, MIDDLE + 4).put(FP + 0x40, 0, OUTER + 8);

    Trace trace = stack.records(LEAF + 0x10, FP);

    assertThat(trace.steps()).extracting(Trace.Step::pointer).containsExactly(FP, FP + 0x40, 0L);
  }

  @Test
  void aFunctionWithItsRecordReturnsByIt() throws Exception {
    SyntheticStack stack =
        functions().instructions(LEAF, STP, MOV_X29_SP, NOP, NOP).put(FP, 0, OUTER + 8);

    assertThat(pcs(stack.records(at(LEAF + 0xc, FP, MIDDLE + 0x24).list())))
        .containsExactly(LEAF + 0xc, OUTER + 8);
  }

  @Test
  void aFunctionThatHasLoadedItsRecordReturnsByX30() throws Exception {
    SyntheticStack stack =
        functions()
            .instructions(LEAF, STP, MOV_X29_SP, NOP, LDP, RET, NOP)
            .instructions(MIDDLE + 0x20, call(MIDDLE + 0x20, LEAF), NOP)
            .put(FP, 0, OUTER + 8);

    assertThat(pcs(stack.records(at(LEAF + 0x10, FP, MIDDLE + 0x24).list())))
        .containsExactly(LEAF + 0x10, MIDDLE + 0x24, OUTER + 8);
    assertThat(pcs(stack.records(at(LEAF + 0x14, FP, MIDDLE + 0x24).list())))
        .containsExactly(LEAF + 0x14, OUTER + 8);
  }

  @Test
  void anExceptionOnTheIrqStack() throws Exception {
    long irq = IRQ_STACK + 0x3f00;
    long registers = FP;
    Arm64Registers interrupted =
        new Arm64Registers(OUTER + 0x30, FP + 0x200, FP + 0x210, 0, Arm64Registers.EL1);
    SyntheticStack stack =
        functions()
            .instructions(OUTER, STP, MOV_X29_SP)
            .instructions(OUTER + 8, new int[20])
            .put(irq, registers + Arm64Registers.RECORD, MIDDLE + 4)
            .put(registers, interrupted.ptRegs(FP + 0x210, OUTER + 0x30))
            .put(FP + 0x210, 0, LEAF + 4);

    Trace trace = stack.records(LEAF + 0x10, irq);

    assertThat(pcs(trace)).containsExactly(LEAF + 0x10, MIDDLE + 4, OUTER + 0x30, LEAF + 4);
    assertThat(trace.steps().get(2).isInterrupted()).isTrue();
    assertThat(trace.steps().get(2).pointer()).isEqualTo(FP + 0x200);
  }

  @Test
  void anExceptionThatARecordOfZerosTells() throws Exception {
    long registers = FP + 0x40;
    Arm64Registers interrupted =
        new Arm64Registers(OUTER + 0x30, FP + 0x300, 0, 0, Arm64Registers.EL1);
    SyntheticStack stack =
        functions()
            .instructions(OUTER, STP, MOV_X29_SP)
            .instructions(OUTER + 8, new int[20])
            .put(FP, registers + Arm64Registers.RECORD, MIDDLE + 4)
            .put(registers, interrupted.ptRegs(0, 0))
            .put(registers + Arm64Registers.RECORD + 16, 2);

    assertThat(pcs(stack.records(LEAF + 0x10, FP)))
        .containsExactly(LEAF + 0x10, MIDDLE + 4, OUTER + 0x30);
  }

  @Test
  void aCpuInUserSpaceHasNoFrames() throws Exception {
    Arm64Registers user = new Arm64Registers(0x40_1000, 0x7fff_0000, 0, 0, 0);

    Trace trace = functions().records(user.list());

    assertThat(trace.steps()).isEmpty();
    assertThat(trace.user()).contains(new Register("pc", 0x40_1000));
  }

  @Test
  void aRecordThatPointsToItself() throws Exception {
    SyntheticStack stack = functions().put(FP, FP, MIDDLE + 4);

    Trace trace = stack.records(LEAF + 0x10, FP);

    assertThat(pcs(trace)).containsExactly(LEAF + 0x10, MIDDLE + 4);
    assertThat(broken(trace))
        .isEqualTo("the stack leads back from 0xffffc90000007008 to 0xffffc90000007008");
  }

  @Test
  void aRecordAtNoMultipleOfAWord() throws Exception {
    SyntheticStack stack = functions().put(FP, FP + 0x41, MIDDLE + 4);

    assertThat(broken(stack.records(LEAF + 0x10, FP)))
        .isEqualTo("the frame's address, 0xffffc90000007041, isn't aligned");
  }

  @Test
  void whatIsNoCodeIsNoFrame() throws Exception {
    SyntheticStack stack = functions().put(FP, FP + 0x40, STACK);

    Trace trace = stack.records(LEAF + 0x10, FP);

    assertThat(pcs(trace)).containsExactly(LEAF + 0x10);
    assertThat(broken(trace)).contains("isn't code");
  }

  private static int call(long from, long to) {
    return BL | ((int) (to - from) >> 2 & 0x03ff_ffff);
  }
}
