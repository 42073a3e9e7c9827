package org.vmcore.kernel.unwind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.kernel.unwind.SyntheticChain.IRQ_STACK;
import static org.vmcore.kernel.unwind.SyntheticChain.SIZE;
import static org.vmcore.kernel.unwind.SyntheticChain.STACK;
import static org.vmcore.kernel.unwind.SyntheticChain.TEXT;
import static org.vmcore.kernel.unwind.SyntheticChain.broken;
import static org.vmcore.kernel.unwind.SyntheticChain.pcs;

import java.nio.ByteOrder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.arch.Machine;
import org.vmcore.elf.Register;
import org.vmcore.kernel.unwind.Trace.Step;

class ChainUnwinderTest {
  private static final long LEAF = TEXT;
  private static final long MIDDLE = TEXT + 0x1000;
  private static final long OUTER = TEXT + 0x2000;
  private static final long ENTRY = TEXT + 0x3000;
  private static final long FP = STACK + 0x3000;
  private static final long USER = 0x40_1000;

  private static final long REGSHERE = 0x7265_6773_6865_7265L;
  private static final long PR = 0x4000;
  private static final long PSTATE = 0x0705_0001_8000_0000L;
  private static final long KERNEL_PSW = 0x0404_0001_8000_0000L;

  private static SyntheticChain functions(SyntheticChain stack) {
    return stack.function(LEAF).function(MIDDLE).function(OUTER);
  }

  private static SyntheticChain riscv() {
    return functions(new SyntheticChain(Machine.RISCV, ByteOrder.LITTLE_ENDIAN));
  }

  private static SyntheticChain s390() {
    return functions(new SyntheticChain(Machine.S390, ByteOrder.BIG_ENDIAN));
  }

  private static SyntheticChain ppc(String order) {
    return functions(
        new SyntheticChain(
            Machine.PPC64, order.equals("big") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN));
  }

  // riscv64: records in front of what s0 points to.

  @Test
  void recordsUpToWhatStartsATask() throws Exception {
    SyntheticChain stack =
        riscv()
            .end(ENTRY)
            .put(STACK + SIZE - 288, new long[36])
            .put(FP - 16, FP + 0x40, MIDDLE + 4)
            .put(FP + 0x30, 0x1234, ENTRY + 8);

    Trace trace = stack.sleeping(LEAF + 0x10, FP, FP - 0x20);

    assertThat(pcs(trace)).containsExactly(LEAF + 0x10, MIDDLE + 4, ENTRY + 8);
    assertThat(trace.steps()).extracting(Step::pointer).containsExactly(FP - 0x20, FP, FP + 0x40);
    assertThat(trace.steps()).allMatch(Step::isReliable);
    assertThat(trace.broken()).isEmpty();
    assertThat(trace.user()).isEmpty();
  }

  @Test
  void aTaskThatHasNotRunYetHasUserSpaceAtTheTop() throws Exception {
    SyntheticChain stack =
        riscv().end(ENTRY).ptRegs(STACK + SIZE - 288, Map.of("pc", USER, "sp", 0x3f_0000L));

    Trace trace = stack.sleeping(ENTRY + 4, 0, FP);

    assertThat(pcs(trace)).containsExactly(ENTRY + 4);
    assertThat(trace.user()).hasSize(36).contains(new Register("pc", USER));
  }

  @Test
  void aHandlersFrameIsTheRegisters() throws Exception {
    Map<String, Long> interrupted =
        Map.of("pc", OUTER + 0x10, "sp", FP + 0x200, "s0", FP + 0x220, "status", 0x100L);
    SyntheticChain stack =
        riscv()
            .handler(ENTRY)
            .code(OUTER, "1101 06ec 22e8 0010")
            .put(IRQ_STACK + 0x3ff0, FP, ENTRY + 0x14)
            .ptRegs(IRQ_STACK + SIZE, Map.of())
            .put(IRQ_STACK + 0x3fe0, 0, 0);
    stack
        .put(IRQ_STACK + 0x3ef0, FP, MIDDLE + 4)
        .put(FP - 16, FP + 0x300, ENTRY + 0x14)
        .ptRegs(FP, interrupted)
        .put(FP + 0x210, 0, MIDDLE + 8)
        .put(STACK + SIZE - 288, new long[36]);

    Trace trace = stack.sleeping(LEAF + 0x10, IRQ_STACK + 0x3f00, IRQ_STACK + 0x3e00);

    assertThat(pcs(trace))
        .containsExactly(LEAF + 0x10, MIDDLE + 4, ENTRY + 0x14, OUTER + 0x10, MIDDLE + 8);
    assertThat(trace.steps().get(3).isInterrupted()).isTrue();
    assertThat(trace.steps().get(3).pointer()).isEqualTo(FP + 0x200);
    assertThat(broken(trace)).isEmpty();
  }

  @Test
  void aSystemCallEndsInUserSpace() throws Exception {
    SyntheticChain stack =
        riscv()
            .handler(ENTRY)
            .put(FP - 16, 0x3f_0000, ENTRY + 0x14)
            .ptRegs(FP, Map.of("pc", USER, "status", 0x20L));

    Trace trace = stack.sleeping(LEAF + 0x10, FP, FP - 0x20);

    assertThat(pcs(trace)).containsExactly(LEAF + 0x10, ENTRY + 0x14);
    assertThat(trace.user()).contains(new Register("pc", USER));
    assertThat(broken(trace)).isEmpty();
  }

  @Test
  void aFunctionWithoutItsFrameYetReturnsByTheLink() throws Exception {
    SyntheticChain stack =
        riscv()
            .code(LEAF, "1101 06ec 22e8 0010 e260 4264 0561 8280")
            .code(MIDDLE + 0x20, "efe01ffe") // jal ra, -0x1020
            .put(FP - 16, 0, OUTER + 8)
            .put(STACK + SIZE - 288, new long[36]);

    for (long pc : new long[] {LEAF, LEAF + 6, LEAF + 0xc, LEAF + 0xe}) {
      Trace trace = stack.running(Map.of("pc", pc, "ra", MIDDLE + 0x24, "sp", FP - 0x40, "s0", FP));
      assertThat(pcs(trace)).as("%x", pc - LEAF).containsExactly(pc, MIDDLE + 0x24, OUTER + 8);
      assertThat(trace.steps()).as("%x", pc - LEAF).allMatch(Step::isReliable);
    }
    for (long pc : new long[] {LEAF + 8, LEAF + 0x10}) {
      Trace trace = stack.running(Map.of("pc", pc, "ra", MIDDLE + 0x24, "sp", FP - 0x40, "s0", FP));
      assertThat(pcs(trace)).as("%x", pc - LEAF).containsExactly(pc, OUTER + 8);
    }
  }

  @Test
  void aLeafThatKeepsOnlyTheFramePointer() throws Exception {
    SyntheticChain stack =
        riscv()
            .code(LEAF, "1101 22ec 0010 0100")
            .code(MIDDLE + 0x20, "97f0ffff e78000fe") // auipc ra, -1; jalr ra, -0x20(ra)
            .put(FP - 16, 0, FP + 0x40)
            .put(FP + 0x30, 0, OUTER + 8)
            .put(STACK + SIZE - 288, new long[36]);

    Trace trace =
        stack.running(Map.of("pc", LEAF + 8, "ra", MIDDLE + 0x28, "sp", FP - 0x40, "s0", FP));

    assertThat(pcs(trace)).containsExactly(LEAF + 8, MIDDLE + 0x28, OUTER + 8);
    assertThat(trace.steps()).allMatch(Step::isReliable);
  }

  @Test
  void aLinkThatNoCallSetIsMarked() throws Exception {
    SyntheticChain stack = riscv().put(FP - 16, 0, OUTER + 8).put(STACK + SIZE - 288, new long[36]);

    Trace trace =
        stack.running(Map.of("pc", LEAF + 8, "ra", MIDDLE + 0x24, "sp", FP - 0x40, "s0", FP));

    assertThat(trace.steps()).extracting(Step::isReliable).containsExactly(true, false, false);
  }

  @Test
  void aCallOfNothingReturnsByTheLink() throws Exception {
    SyntheticChain stack =
        riscv()
            .code(MIDDLE + 0x22, "8297") // jalr a5
            .put(FP - 16, 0, OUTER + 8)
            .put(STACK + SIZE - 288, new long[36]);
    Map<String, Long> registers =
        Map.of("pc", 0L, "ra", MIDDLE + 0x24, "sp", FP - 0x40, "s0", FP, "status", 0x100L);

    Trace trace = stack.running(registers);

    assertThat(pcs(trace)).containsExactly(0L, MIDDLE + 0x24, OUTER + 8);
    assertThat(trace.steps()).allMatch(Step::isReliable);
  }

  @Test
  void aCpuInUserSpaceHasNoFrames() throws Exception {
    Trace trace = riscv().running(Map.of("pc", USER, "sp", 0x3f_0000L));

    assertThat(trace.steps()).isEmpty();
    assertThat(trace.user()).contains(new Register("pc", USER));
  }

  // ppc64: a back chain, the return address in the caller's frame.

  @ParameterizedTest
  @ValueSource(strings = {"little", "big"})
  void aBackChainFromWhereTasksAreSwitched(String order) throws Exception {
    SyntheticChain stack =
        ppc(order)
            .end(ENTRY)
            .put(FP, FP + 0x100, 0, 0)
            .put(FP + 0x100, FP + 0x200, 0, MIDDLE + 4)
            .put(FP + 0x200, FP + 0x300, 0, OUTER + 8)
            .put(FP + 0x300, 0, 0, ENTRY + 8);

    Trace trace = stack.callerOf(FP);

    assertThat(pcs(trace)).containsExactly(MIDDLE + 4, OUTER + 8, ENTRY + 8);
    assertThat(trace.steps())
        .extracting(Step::pointer)
        .containsExactly(FP + 0x100, FP + 0x200, FP + 0x300);
    assertThat(trace.steps()).allMatch(Step::isReliable);
    assertThat(broken(trace)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"little 32 48", "little 96 112", "big 112 128", "big 96 112"})
  void aMarkedFrameHasRegisters(String where) throws Exception {
    String[] words = where.split(" ", -1);
    int marker = Integer.parseInt(words[1]);
    int regs = Integer.parseInt(words[2]);
    long entry = FP + 0x100;
    long next = entry + 0x400;
    SyntheticChain stack =
        ppc(words[0])
            .code(
                OUTER,
                words[0].equals("big")
                    ? "7c0802a6 f8010010 f821ffa1"
                    : "a602087c 100001f8 a1ff21f8")
            .put(FP, entry, 0, 0)
            .put(entry, next, 0, MIDDLE + 4)
            .put(entry + 32, new long[24])
            .put(entry + marker, REGSHERE)
            .ptRegs(entry + regs, Map.of("nip", OUTER + 0x10, "gpr1", next))
            .put(next, next + 0x100, 0, 0, 0)
            .put(next + 32, new long[24])
            .put(next + 0x100, 0, 0, LEAF + 8)
            .put(next + 0x120, new long[24]);

    Trace trace = stack.callerOf(FP);

    assertThat(pcs(trace)).containsExactly(MIDDLE + 4, OUTER + 0x10, LEAF + 8);
    assertThat(trace.steps().get(1).isInterrupted()).isTrue();
    assertThat(trace.steps().get(1).pointer()).isEqualTo(next);
    assertThat(broken(trace)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {REGSHERE, 0x5245_4753L, 0x5347_4552L})
  void eachMarkerLeadsToUserSpace(long marker) throws Exception {
    SyntheticChain stack =
        ppc("little")
            .put(FP, FP + 0x100, 0, 0)
            .put(FP + 0x100, 0x3fff_0000L, 0, MIDDLE + 4, 0, marker)
            .ptRegs(FP + 0x130, Map.of("nip", USER, "msr", PR));

    Trace trace = stack.callerOf(FP);

    assertThat(pcs(trace)).containsExactly(MIDDLE + 4);
    assertThat(trace.user()).contains(new Register("nip", USER));
    assertThat(broken(trace)).isEmpty();
  }

  @Test
  void aMissingMarkerIsNoEndOfTheStack() throws Exception {
    SyntheticChain stack =
        ppc("little")
            .put(FP, FP + 0x100, 0, 0)
            .put(FP + 0x100, 0x3fff_0000L, 0, MIDDLE + 4, 0, 0)
            .put(FP + 0x128, new long[16]);

    Trace trace = stack.callerOf(FP);

    assertThat(pcs(trace)).containsExactly(MIDDLE + 4);
    assertThat(broken(trace)).endsWith("to 0x3fff0000, which is in no stack");
  }

  @Test
  void aFunctionOfPpc64BeforeAndBehindItsFrame() throws Exception {
    SyntheticChain stack =
        ppc("little")
            .code(LEAF, "a602087c 100001f8 a1ff21f8 00000060 60002138 100001e8 a603087c 2000804e")
            .code(MIDDLE + 0x20, "e1efff4b") // bl -0x1020
            .put(FP, FP + 0x100, 0, MIDDLE + 0x24, 0)
            .put(FP + 0x20, new long[16])
            .put(FP + 0x100, 0, 0, OUTER + 8, 0)
            .put(FP + 0x120, new long[16]);
    Map<Integer, Long> links =
        Map.of(0, MIDDLE + 0x24, 8, 0x1234L, 0x14, 0x1234L, 0x18, 0x1234L, 0x1c, MIDDLE + 0x24);

    for (Map.Entry<Integer, Long> at : links.entrySet()) {
      long pc = LEAF + at.getKey();
      Trace trace = stack.running(Map.of("nip", pc, "link", at.getValue(), "gpr1", FP, "msr", 0L));
      assertThat(pcs(trace)).as("%x", at.getKey()).containsExactly(pc, MIDDLE + 0x24, OUTER + 8);
      assertThat(trace.steps()).as("%x", at.getKey()).allMatch(Step::isReliable);
    }
    Trace inside = stack.running(Map.of("nip", LEAF + 0x10, "link", 0L, "gpr1", FP, "msr", 0L));
    assertThat(pcs(inside)).containsExactly(LEAF + 0x10, OUTER + 8);
  }

  // s390x: a back chain behind the registers that callees save; big endian.

  @Test
  void aBackChainOfS390() throws Exception {
    SyntheticChain stack =
        s390()
            .put(FP + 136, MIDDLE + 4)
            .put(FP + 152, FP + 0x100)
            .put(FP + 0x100 + 136, OUTER + 8)
            .put(FP + 0x100 + 152, 0)
            .put(FP + 0x100 + 160, new long[20]);

    Trace trace = stack.sleeping(MIDDLE + 4, FP, FP);

    assertThat(pcs(trace)).containsExactly(MIDDLE + 4, OUTER + 8);
    assertThat(broken(trace)).isEmpty();
    assertThat(trace.user()).isEmpty();
  }

  @Test
  void behindTheLastFrameIsUserSpace() throws Exception {
    long top = STACK + SIZE - 160 - 160;
    SyntheticChain stack =
        s390()
            .put(FP + 152, top)
            .put(top + 136, OUTER + 8)
            .put(top + 152, 0)
            .ptRegs(top + 160, Map.of("psw_mask", PSTATE, "psw_addr", USER));

    Trace trace = stack.sleeping(MIDDLE + 4, FP, FP);

    assertThat(pcs(trace)).containsExactly(MIDDLE + 4, OUTER + 8);
    assertThat(trace.user()).hasSize(19).contains(new Register("psw_addr", USER));
  }

  @Test
  void anInterruptOnAnotherStack() throws Exception {
    long irq = IRQ_STACK + 0x3e00;
    Map<String, Long> interrupted =
        Map.of("psw_mask", KERNEL_PSW, "psw_addr", OUTER + 0x16, "gpr15", FP + 0x200);
    SyntheticChain stack =
        s390()
            .code(OUTER, "eb6ff0480024 b904001f e3f0ff58ff71 e310f0980024")
            .put(irq + 152, FP)
            .put(FP + 136, MIDDLE + 4)
            .put(FP + 152, 0)
            .ptRegs(FP + 160, interrupted)
            .put(FP + 0x200 + 152, 0)
            .put(FP + 0x200 + 160, new long[20]);

    Trace trace = stack.sleeping(LEAF + 4, irq, irq);

    assertThat(pcs(trace)).containsExactly(LEAF + 4, MIDDLE + 4, OUTER + 0x16);
    assertThat(trace.steps().get(2).isInterrupted()).isTrue();
    assertThat(broken(trace)).isEmpty();
  }

  @Test
  void aFunctionOfS390BeforeAndBehindItsFrame() throws Exception {
    SyntheticChain stack =
        s390()
            .code(LEAF, "eb6ff0480024 b904001f e3f0ff58ff71 e310f0980024 0707 eb6ff0f00004 07fe")
            .code(MIDDLE + 0x20, "c0e5fffff7f0") // brasl r14, -0x1020
            .put(FP + 136, MIDDLE + 0x26)
            .put(FP + 152, FP + 0x100)
            .put(FP + 0x100 + 136, OUTER + 8)
            .put(FP + 0x100 + 152, 0)
            .put(FP + 0x100 + 160, new long[20]);
    Map<Integer, Long> links = Map.of(0, MIDDLE + 0x26, 6, 0x1234L, 0x1e, MIDDLE + 0x26);

    for (Map.Entry<Integer, Long> at : links.entrySet()) {
      long pc = LEAF + at.getKey();
      Trace trace =
          stack.running(
              Map.of("psw_mask", 0L, "psw_addr", pc, "gpr14", at.getValue(), "gpr15", FP));
      assertThat(pcs(trace)).as("%x", at.getKey()).containsExactly(pc, MIDDLE + 0x26, OUTER + 8);
      assertThat(trace.steps()).as("%x", at.getKey()).allMatch(Step::isReliable);
    }
    Trace inside =
        stack.running(Map.of("psw_mask", 0L, "psw_addr", LEAF + 0x18, "gpr14", 0L, "gpr15", FP));
    assertThat(pcs(inside)).containsExactly(LEAF + 0x18, OUTER + 8);
  }

  // What is damaged.

  @Test
  void aFrameThatPointsToItself() throws Exception {
    SyntheticChain stack = riscv().put(FP - 16, FP, MIDDLE + 4);

    assertThat(broken(stack.sleeping(LEAF + 0x10, FP, FP - 0x20)))
        .isEqualTo("the stack leads back from 0xc000000000007000 to 0xc000000000007000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"little", "big"})
  void aBackChainThatIsALoop(String order) throws Exception {
    SyntheticChain stack =
        ppc(order)
            .put(FP, FP + 0x100, 0, 0)
            .put(FP + 0x100, FP, 0, MIDDLE + 4, 0)
            .put(FP + 0x120, new long[16]);

    Trace trace = stack.callerOf(FP);

    assertThat(pcs(trace)).containsExactly(MIDDLE + 4);
    assertThat(broken(trace)).startsWith("the stack leads back from ");
  }

  @Test
  void aFrameAtNoMultipleOfAWord() throws Exception {
    SyntheticChain stack = riscv().put(FP - 16, FP + 0x41, MIDDLE + 4);

    assertThat(broken(stack.sleeping(LEAF + 0x10, FP, FP - 0x20)))
        .isEqualTo("the frame's address, 0xc000000000007041, isn't aligned");
  }

  @Test
  void aFrameInNoStack() throws Exception {
    SyntheticChain stack =
        s390().put(FP + 152, 0x7000_0000L).put(0x7000_0000L + 136, MIDDLE + 4, 0, 0);

    Trace trace = stack.sleeping(LEAF + 0x10, FP, FP);

    assertThat(pcs(trace)).containsExactly(LEAF + 0x10);
    assertThat(broken(trace)).endsWith("to 0x70000000, which is in no stack");
  }

  @Test
  void whatIsNoCodeIsNoFrame() throws Exception {
    SyntheticChain stack = riscv().put(FP - 16, FP + 0x40, STACK);

    Trace trace = stack.sleeping(LEAF + 0x10, FP, FP - 0x20);

    assertThat(pcs(trace)).containsExactly(LEAF + 0x10);
    assertThat(broken(trace))
        .isEqualTo("0xc000000000004000, the return address at 0xc000000000006ff8, isn't code");
  }

  @Test
  void registersThatWouldLieOutsideOfTheStackAreNone() throws Exception {
    long top = STACK + SIZE - 160;
    SyntheticChain stack =
        s390().put(top + 152, 0).ptRegs(top + 160, Map.of("psw_mask", PSTATE, "psw_addr", USER));

    Trace trace = stack.sleeping(LEAF + 4, top, top);

    assertThat(pcs(trace)).containsExactly(LEAF + 4);
    assertThat(trace.user()).isEmpty();
  }
}
