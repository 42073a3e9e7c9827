package org.vmcore.kernel.oops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FingerprintTest {
  private static List<CodePlace> stack(String... symbols) {
    List<CodePlace> frames = new ArrayList<>();
    for (String symbol : symbols) {
      String[] words = symbol.split(" ", -1);
      Optional<String> module = words.length == 1 ? Optional.empty() : Optional.of(words[1]);
      frames.add(new CodePlace(words[0], frames.size() + 1, 0x100, module));
    }
    return frames;
  }

  private static Fingerprint of(CrashKind kind, String... symbols) {
    return Fingerprint.of(kind, "", "", stack(symbols));
  }

  private static void counts(CrashKind kind, List<String> symbols, String... counted) {
    List<String> inputs = new ArrayList<>(List.of(kind.text()));
    inputs.addAll(List.of(counted));
    assertThat(of(kind, symbols.toArray(String[]::new)).inputs()).isEqualTo(inputs);
  }

  @Test
  void itsValueIsTheHashOfItsInputs() {
    // printf '%s\n' 'null pointer' 'f [m]' g | sha256sum | cut -c1-16
    assertThat(of(CrashKind.NULL_POINTER, "f m", "g").value()).isEqualTo("bdfca1a4107a88f6");
  }

  @Test
  void threeFunctionsCount() {
    counts(CrashKind.BUG, List.of("a", "b", "c", "d"), "a", "b", "c");
  }

  @Test
  void waitsOfAnyArchitectureDontCount() {
    counts(CrashKind.SYSRQ, List.of("udelay", "panic", "f"), "f");
    counts(CrashKind.SYSRQ, List.of("__timer_delay", "panic", "f"), "f");
  }

  @Test
  void offsetsDontCount() {
    Fingerprint one = of(CrashKind.BUG, "a", "b");
    List<CodePlace> moved = List.of(place("a", 0x99), place("b", 0x77));

    assertThat(Fingerprint.of(CrashKind.BUG, "", "", moved)).isEqualTo(one);
  }

  private static CodePlace place(String symbol, long offset) {
    return new CodePlace(symbol, offset, 0x200, Optional.empty());
  }

  @Test
  void whatCompilersAddDoesntCount() {
    counts(
        CrashKind.BUG,
        List.of("fx_bug.constprop.0 fxcrash", "b.isra.0.cold", "c.part.1"),
        "fx_bug [fxcrash]",
        "b",
        "c");
  }

  @Test
  void theKindCounts() {
    assertThat(of(CrashKind.BUG, "a").value()).isNotEqualTo(of(CrashKind.WARNING, "a").value());
  }

  @Test
  void theModuleCounts() {
    assertThat(of(CrashKind.BUG, "probe a").value())
        .isNotEqualTo(of(CrashKind.BUG, "probe b").value());
  }

  @Test
  void whatTakesTheKernelDownDoesntCount() {
    counts(
        CrashKind.PANIC,
        List.of("__crash_kexec", "vpanic", "panic", "fx_tasks fxcrash", "fx_do fxcrash"),
        "fx_tasks [fxcrash]",
        "fx_do [fxcrash]");
    counts(
        CrashKind.NULL_POINTER,
        List.of(
            "machine_kexec",
            "__crash_kexec",
            "crash_kexec",
            "oops_end",
            "page_fault_oops",
            "exc_page_fault",
            "asm_exc_page_fault",
            "fx_null_leaf",
            "fx_null_middle"),
        "fx_null_leaf",
        "fx_null_middle");
  }

  @Test
  void whatPanicCallsDoesntCount() {
    counts(
        CrashKind.SYSRQ,
        List.of(
            "stop_run",
            "on_panic_notify",
            "atomic_notifier_call_chain",
            "panic",
            "sysrq_handle_crash",
            "__handle_sysrq",
            "write_sysrq_trigger",
            "proc_reg_write"),
        "sysrq_handle_crash",
        "__handle_sysrq",
        "write_sysrq_trigger");
  }

  @Test
  void whoOnlyFoundWhatWasWrongDoesntCount() {
    counts(
        CrashKind.BUG,
        List.of("__list_del_entry_valid_or_report", "fx_list_remove", "fx_list"),
        "fx_list_remove",
        "fx_list");
    counts(CrashKind.KASAN, List.of("dump_stack_lvl", "kasan_report", "__asan_load8", "f"), "f");
  }

  @Test
  void whatWaitsDoesntCount() {
    counts(
        CrashKind.HUNG_TASK,
        List.of(
            "__schedule", "schedule", "schedule_preempt_disabled", "__mutex_lock.constprop.0", "f"),
        "f");
    counts(
        CrashKind.SOFT_LOCKUP,
        List.of("native_queued_spin_lock_slowpath", "_raw_spin_lock", "fx_spin_want", "fx_do"),
        "fx_spin_want",
        "fx_do");
  }

  @Test
  void whatWaitsFurtherOutwardCounts() {
    counts(CrashKind.BUG, List.of("f", "schedule", "g"), "f", "schedule", "g");
  }

  @Test
  void theInterruptThatNoticedALockupDoesntCount() {
    counts(
        CrashKind.SOFT_LOCKUP,
        List.of(
            "__crash_kexec",
            "panic",
            "watchdog_timer_fn",
            "__hrtimer_run_queues",
            "hrtimer_interrupt",
            "__sysvec_apic_timer_interrupt",
            "sysvec_apic_timer_interrupt",
            "asm_sysvec_apic_timer_interrupt",
            "native_queued_spin_lock_slowpath",
            "_raw_spin_lock",
            "fx_spin_want",
            "fx_do"),
        "fx_spin_want",
        "fx_do");
  }

  @Test
  void aLockupInAnInterruptEndsWithIt() {
    counts(
        CrashKind.HARD_LOCKUP,
        List.of(
            "panic",
            "nmi_panic",
            "watchdog_overflow_callback",
            "exc_nmi",
            "end_repeat_nmi",
            "fx_handler",
            "__flush_smp_call_function_queue",
            "asm_sysvec_call_function",
            "other"),
        "fx_handler");
  }

  @Test
  void whatWasInterruptedDoesntCount() {
    counts(
        CrashKind.NULL_POINTER,
        List.of(
            "fx_irq_leaf",
            "fx_irq_handler",
            "__flush_smp_call_function_queue",
            "asm_sysvec_call_function_single",
            "fx_busy"),
        "fx_irq_leaf",
        "fx_irq_handler");
    counts(
        CrashKind.NULL_POINTER,
        List.of("fx_irq_leaf", "fx_timer_handler", "call_timer_fn", "__run_timers"),
        "fx_irq_leaf",
        "fx_timer_handler");
  }

  @Test
  void theSystemCallIsTheSameOnEveryMachine() {
    Fingerprint x86 =
        of(CrashKind.BUG, "f", "__x64_sys_write", "do_syscall_64", "entry_SYSCALL_64");
    Fingerprint arm = of(CrashKind.BUG, "f", "__arm64_sys_write", "invoke_syscall", "el0_svc");

    assertThat(x86.inputs()).containsExactly("BUG", "f", "sys_write");
    assertThat(arm).isEqualTo(x86);
  }

  @Test
  void recursionCountsOnce() {
    counts(CrashKind.BUG, List.of("f", "f", "g", "f", "h"), "f", "g", "h");
  }

  @Test
  void ofAStackThatRecursionUsedUpThoseCountThatRecur() {
    List<String> symbols = new ArrayList<>(List.of("leaf"));
    for (int i = 0; i < 20; i++) {
      symbols.add("walk_b m");
      symbols.add("walk_a m");
    }
    symbols.add("start");

    counts(CrashKind.STACK_OVERFLOW, symbols, "walk_a [m]", "walk_b [m]");
  }

  @Test
  void aDeepStackWithoutRecursionCountsAsOthers() {
    counts(CrashKind.STACK_OVERFLOW, List.of("a", "b", "c", "d"), "a", "b", "c");
  }

  @Test
  void whereMemoryRanOutItsHolderCounts() {
    Fingerprint one =
        Fingerprint.of(CrashKind.OUT_OF_MEMORY, "Out of memory", "fx-fill", stack("a"));
    Fingerprint other =
        Fingerprint.of(CrashKind.OUT_OF_MEMORY, "Out of memory", "fx-fill", stack("b"));

    assertThat(one.inputs()).containsExactly("out of memory", "fx-fill");
    assertThat(other).isEqualTo(one);
  }

  @ParameterizedTest
  @EnumSource(names = {"NMI", "MACHINE_CHECK", "WATCHDOG", "NO_ROOT", "NO_INIT", "INIT_DIED"})
  void whereTheStackSaysNothingTheWordsCount(CrashKind kind) {
    String message = "Attempted to kill 7 at ffff88800fad0000, exitcode=0x0000000b dead";

    assertThat(Fingerprint.of(kind, message, "", stack("innocent")).inputs())
        .containsExactly(kind.text(), "Attempted to kill N at N, exitcode=N dead");
  }

  @Test
  void withoutAnyFunctionTheWordsCount() {
    assertThat(Fingerprint.of(CrashKind.PANIC, "no\nway 12", "", List.of()).inputs())
        .containsExactly("panic", "no way N");
    assertThat(of(CrashKind.NONE).inputs()).containsExactly("none");
  }
}
