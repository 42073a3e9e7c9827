package org.vmcore.kernel.oops;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.vmcore.arch.Architecture;
import org.vmcore.arch.Architectures;
import org.vmcore.arch.ExceptionPath;

/**
 * The functions of a stack that say nothing of the crash's cause: those that take the kernel down,
 * those that only tell what another function did wrong, those that wait, and those by which any
 * code is entered. Those of one architecture alone are in {@link Architecture#exceptionPath}.
 */
final class Plumbing {
  /** What stops the kernel. It calls notifiers and whatever an architecture stops its CPUs by. */
  private static final Set<String> PANIC = Set.of("panic", "vpanic", "nmi_panic");

  /** What takes the kernel down, and what tells of it. */
  private static final Set<String> DYING =
      Set.of(
          "machine_kexec",
          "__crash_kexec",
          "crash_kexec",
          "crash_setup_regs",
          "crash_save_cpu",
          "panic",
          "vpanic",
          "nmi_panic",
          "panic_smp_self_stop",
          "nmi_panic_self_stop",
          "check_panic_on_warn",
          "oops_end",
          "oops_begin",
          "die",
          "__die",
          "die_kernel_fault",
          "no_context",
          "do_page_fault",
          "do_trap",
          "report_bug",
          "__report_bug",
          "bug_handler",
          "handle_stack_overflow",
          "__warn",
          "__warn_printk",
          "warn_slowpath_fmt",
          "warn_slowpath_null",
          "warn_bogus_irq_restore",
          "dump_stack",
          "dump_stack_lvl",
          "__dump_stack",
          "show_stack",
          "dump_backtrace",
          "show_regs",
          "kasan_report",
          "print_report",
          "kasan_check_range",
          "check_region_inline",
          "end_report.part",
          "end_report",
          "kfence_report_error",
          "__kasan_report",
          "kasan_die_handler");

  /** What finds that its caller, or memory, is wrong. */
  private static final Set<String> MESSENGERS =
      Set.of(
          "__list_add_valid",
          "__list_add_valid_or_report",
          "__list_del_entry_valid",
          "__list_del_entry_valid_or_report",
          "refcount_warn_saturate",
          "fortify_panic",
          "__fortify_panic",
          "__fortify_report",
          "usercopy_abort",
          "__check_object_size",
          "__check_heap_object",
          "__stack_chk_fail",
          "ubsan_epilogue",
          "report_cfi_failure",
          "handle_cfi_failure",
          "object_err",
          "slab_err");

  /** What waits for a lock, for time to pass, or for another CPU. */
  private static final Set<String> WAITING =
      Set.of(
          "queued_spin_lock_slowpath",
          "native_queued_spin_lock_slowpath",
          "__pv_queued_spin_lock_slowpath",
          "pv_queued_spin_lock_slowpath",
          "virt_spin_lock",
          "queued_read_lock_slowpath",
          "queued_write_lock_slowpath",
          "do_raw_spin_lock",
          "resilient_queued_spin_lock_slowpath",
          "ticket_spin_lock_wait",
          "arch_spin_lock",
          "__schedule",
          "schedule",
          "schedule_timeout",
          "schedule_timeout_uninterruptible",
          "schedule_timeout_interruptible",
          "schedule_preempt_disabled",
          "io_schedule",
          "io_schedule_timeout",
          "msleep",
          "msleep_interruptible",
          "usleep_range_state",
          "wait_for_completion",
          "__wait_for_common",
          "wait_for_common",
          "do_wait_for_common",
          "__switch_to",
          "context_switch",
          "__mutex_lock",
          "__mutex_lock_slowpath",
          "__mutex_lock_killable_slowpath",
          "mutex_lock",
          "mutex_lock_killable",
          "mutex_lock_interruptible",
          "mutex_lock_nested",
          "rwsem_down_read_slowpath",
          "rwsem_down_write_slowpath",
          "down_read",
          "down_write",
          "__down_read_common",
          "__down_write_common",
          "down",
          "__down",
          "__down_common",
          "cpu_relax",
          "rep_nop",
          "__cmpwait_case_32",
          "delay_tsc",
          "__delay",
          "__const_udelay",
          "__udelay",
          "udelay",
          "ndelay",
          "__loop_delay",
          "__timer_delay",
          "__timer_const_udelay");

  /** By which code is entered: interrupts, timers, softirqs, threads, system calls. */
  private static final Set<String> ENTRIES =
      Set.of(
          "call_on_irq_stack",
          "handle_irq_event",
          "handle_irq_event_percpu",
          "__handle_irq_event_percpu",
          "do_IRQ",
          "nmi_handle",
          "__handle_domain_irq",
          "handle_domain_irq",
          "generic_handle_domain_irq",
          "handle_percpu_devid_irq",
          "irq_thread_fn",
          "irq_forced_thread_fn",
          "irq_thread",
          "irq_exit",
          "irq_exit_rcu",
          "__irq_exit_rcu",
          "invoke_softirq",
          "do_softirq",
          "do_softirq_own_stack",
          "call_timer_fn",
          "expire_timers",
          "__run_timers",
          "__run_timer_base",
          "run_timer_softirq",
          "run_timer_base",
          "timer_expire_remote",
          "tmigr_handle_remote",
          "__hrtimer_run_queues",
          "hrtimer_interrupt",
          "hrtimer_run_queues",
          "tasklet_action",
          "tasklet_action_common",
          "handle_softirqs",
          "__do_softirq",
          "__softirqentry_text_start",
          "rcu_do_batch",
          "rcu_core",
          "rcu_core_si",
          "csd_do_func",
          "__flush_smp_call_function_queue",
          "flush_smp_call_function_queue",
          "generic_smp_call_function_interrupt",
          "generic_smp_call_function_single_interrupt",
          "irq_work_run",
          "irq_work_run_list",
          "irq_work_single",
          "process_one_work",
          "process_scheduled_works",
          "worker_thread",
          "kthread",
          "kthread_worker_fn",
          "smpboot_thread_fn",
          "ret_from_fork",
          "ret_from_fork_asm",
          "start_secondary",
          "start_kernel",
          "rest_init",
          "cpu_startup_entry",
          "do_idle",
          "do_one_initcall",
          "do_init_module");

  private static final String[] ENTRY_PREFIXES = {
    "entry_",
    "asm_",
    "sysvec_",
    "__sysvec_",
    "el0",
    "el1",
    "exc_",
    "ret_from_",
    "smp_apic_",
    "smp_call_function_single_interrupt",
    "__do_softirq",
    "xen_asm_",
    "xen_evtchn_do_",
  };

  private static final String[] MESSENGER_PREFIXES = {
    "__asan_", "__hwasan_", "__ubsan_", "__kcsan_", "__tsan_", "__msan_",
  };

  private static final String LOCKS = "_raw_";

  /** A log doesn't always tell its architecture; no function of one is a cause on another. */
  private static final Set<String> FAULTS = ofAll(ExceptionPath::faults);

  private static final Set<String> OWN_ENTRIES = ofAll(ExceptionPath::entries);

  private Plumbing() {}

  private static Set<String> ofAll(Function<ExceptionPath, Set<String>> part) {
    Set<String> all = new HashSet<>();
    for (Architecture each : Architectures.ALL) {
      all.addAll(part.apply(each.exceptionPath()));
    }
    return Set.copyOf(all);
  }

  /** {@code symbol} without what compilers add to it: {@code .constprop.0}, {@code .isra.0}. */
  static String name(String symbol) {
    int dot = symbol.indexOf('.', 1);
    return dot < 0 ? symbol : symbol.substring(0, dot);
  }

  /** Whether the function, by its plain name, takes the kernel down. */
  static boolean isDying(String name) {
    return DYING.contains(name)
        || FAULTS.contains(name)
        || name.startsWith("asm_exc_")
        || name.startsWith("exc_");
  }

  /** Whether it may be innermost, and another is the one that counts. */
  static boolean isPassed(String name) {
    return isDying(name)
        || MESSENGERS.contains(name)
        || startsWithAny(name, MESSENGER_PREFIXES)
        || WAITING.contains(name)
        || name.startsWith(LOCKS);
  }

  /** Whether what lies outward of it could have called anything. */
  static boolean isEntry(String name) {
    return ENTRIES.contains(name)
        || OWN_ENTRIES.contains(name)
        || startsWithAny(name, ENTRY_PREFIXES);
  }

  private static boolean startsWithAny(String name, String[] starts) {
    for (String start : starts) {
      if (name.startsWith(start)) {
        return true;
      }
    }
    return false;
  }

  /** The frames, the innermost first, from {@code panic} on: what that calls could be anything. */
  static List<CodePlace> fromPanic(List<CodePlace> frames) {
    int last = frames.size() - 1;
    while (last > 0 && !PANIC.contains(name(frames.get(last).symbol()))) {
      last--;
    }
    return frames.subList(Math.max(last, 0), frames.size());
  }

  /** The innermost place that isn't of a function that takes the kernel down. */
  static Optional<CodePlace> first(List<CodePlace> frames) {
    for (CodePlace frame : fromPanic(frames)) {
      if (!isDying(name(frame.symbol()))) {
        return Optional.of(frame);
      }
    }
    return Optional.empty();
  }
}
