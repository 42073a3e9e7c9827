package org.vmcore.kernel.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.kernel.crash.LocksKernel.frame;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.elf.Register;
import org.vmcore.kernel.oops.CodePlace;
import org.vmcore.kernel.stacks.Frame;
import org.vmcore.kernel.stacks.Stack;

class InterruptsTest {
  private static boolean areOff(Frame... frames) {
    Stack stack = new Stack(1, Optional.empty(), List.of(frames), Optional.empty(), List.of());
    return Interrupts.areOff(stack);
  }

  private static CrashFrame at(String symbol) {
    CodePlace place = new CodePlace(symbol, 1, 2, Optional.empty());
    return new CrashFrame(OptionalLong.empty(), Optional.of(place), true);
  }

  private static boolean isIn(String symbol) {
    return Interrupts.isIn(List.of(at(symbol)));
  }

  @ParameterizedTest
  @CsvSource({"eflags,0x6,true", "eflags,0x246,false", "pstate,0x85,true", "pstate,0x5,false"})
  void byTheFlags(String register, String flags, boolean areOff) {
    Register value = new Register(register, Long.decode(flags));

    assertThat(areOff(frame("f", 0x1000, value))).isEqualTo(areOff);
  }

  @Test
  void theInnermostRegistersCount() {
    Frame nmi = frame("f", 0x1000, new Register("eflags", 0x246));

    assertThat(areOff(nmi, frame("g", 0x2000, new Register("eflags", 0x6)))).isFalse();
  }

  @Test
  void withoutRegistersNothingIsKnown() {
    assertThat(areOff(frame("f", 0x1000))).isFalse();
    assertThat(areOff()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"asm_sysvec_call_function_single", "asm_common_interrupt", "el1h_64_irq"})
  void codeOfInterrupts(String symbol) {
    assertThat(isIn(symbol)).isTrue();
  }

  @Test
  void whatRunsForTheTaskAtAnInterruptsEnd() {
    CrashFrame entry = at("asm_sysvec_apic_timer_interrupt");

    assertThat(Interrupts.isIn(List.of(at("task_work_run"), entry))).isFalse();
    assertThat(Interrupts.isIn(List.of(at("f"), entry, at("irqentry_exit")))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"asm_exc_page_fault", "do_syscall_64", "el0t_64_sync", "kthread"})
  void codeOfTasks(String symbol) {
    assertThat(isIn(symbol)).isFalse();
  }
}
