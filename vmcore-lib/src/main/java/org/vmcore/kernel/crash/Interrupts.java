package org.vmcore.kernel.crash;

import java.util.List;
import java.util.Set;
import org.vmcore.elf.Register;
import org.vmcore.kernel.stacks.Frame;
import org.vmcore.kernel.stacks.Stack;

/** What the frames and registers of a stack say of interrupts. */
final class Interrupts {
  /** x86: RFLAGS.IF. */
  private static final long INTERRUPT_FLAG = 1 << 9;

  /** arm64: PSTATE.I. */
  private static final long INTERRUPTS_MASKED = 1 << 7;

  private static final Set<String> ENTRIES =
      Set.of(
          "asm_common_interrupt",
          "asm_exc_nmi",
          "end_repeat_nmi",
          "nmi",
          "call_function_interrupt",
          "call_function_single_interrupt",
          "reschedule_interrupt",
          "irq_work_interrupt",
          "common_interrupt",
          "apic_timer_interrupt",
          "call_on_irq_stack",
          "do_interrupt_handler",
          "el1h_64_irq",
          "el0t_64_irq",
          "el1_irq",
          "el0_irq",
          "handle_softirqs",
          "__do_softirq",
          "run_ksoftirqd",
          "gic_handle_irq",
          "do_IRQ");

  /** What runs for the task again, at the end of an interrupt. */
  private static final Set<String> FOR_TASK =
      Set.of(
          "exit_to_user_mode_loop",
          "task_work_run",
          "preempt_schedule_irq",
          "schedule",
          "irqentry_exit");

  private Interrupts() {}

  /** Whether the innermost of {@code frames} runs in an interrupt or a softirq. */
  static boolean isIn(List<CrashFrame> frames) {
    for (CrashFrame frame : frames) {
      String name = frame.place().isEmpty() ? "" : frame.place().get().symbol();
      if (frame.isReliable() && FOR_TASK.contains(name)) {
        return false;
      }
      if (name.startsWith("asm_sysvec_") || ENTRIES.contains(name)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the CPU took no interrupts, by the registers that were taken where it ran. */
  static boolean areOff(Stack stack) {
    for (Frame frame : stack.frames()) {
      if (frame.isInterrupted() && !frame.registers().isEmpty()) {
        return areOff(frame.registers());
      }
    }
    return false;
  }

  private static boolean areOff(List<Register> registers) {
    for (Register register : registers) {
      switch (register.name()) {
        case "eflags", "rflags" -> {
          return (register.value() & INTERRUPT_FLAG) == 0;
        }
        case "pstate" -> {
          return (register.value() & INTERRUPTS_MASKED) != 0;
        }
        default -> {}
      }
    }
    return false;
  }
}
