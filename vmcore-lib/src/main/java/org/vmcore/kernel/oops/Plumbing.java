package org.vmcore.kernel.oops;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The functions of a stack that say nothing of the crash's cause: those that take the kernel down,
 * those that only tell what another function did wrong, those that wait, and those by which any
 * code is entered.
 */
final class Plumbing {
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
          "die_addr",
          "__die_body",
          "__die_header",
          "die_kernel_fault",
          "page_fault_oops",
          "kernelmode_fixup_or_oops",
          "no_context",
          "__bad_area_nosemaphore",
          "bad_area_nosemaphore",
          "do_user_addr_fault",
          "do_kern_addr_fault",
          "exc_page_fault",
          "handle_page_fault",
          "page_fault",
          "do_page_fault",
          "do_mem_abort",
          "do_translation_fault",
          "__do_kernel_fault",
          "do_bad_area",
          "arm64_notify_die",
          "do_trap",
          "do_error_trap",
          "handle_invalid_op",
          "handle_bug",
          "fixup_bug",
          "report_bug",
          "__report_bug",
          "bug_handler",
          "call_break_hook",
          "do_debug_exception",
          "do_el1_brk64",
          "brk_handler",
          "do_sp_pc_abort",
          "handle_bad_stack",
          "panic_bad_stack",
          "handle_stack_overflow",
          "doublefault_shim",
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
          "mem_abort",
          "el1_abort",
          "el1_dbg",
          "el1_brk64",
          "el1_bti",
          "el1_undef",
          "el1h_64_sync",
          "el1h_64_sync_handler",
          "kasan_report",
          "print_report",
          "kasan_check_range",
          "check_region_inline",
          "end_report.part",
          "end_report",
          "kfence_report_error",
          "__kasan_report",
          "kasan_die_handler",
          "riscv_crash_save_regs",
          "do_trap_break",
          "do_trap_insn_illegal",
          "do_trap_insn_fault",
          "do_trap_load_fault",
          "do_trap_store_fault",
          "do_trap_unknown",
          "probe_single_step_handler",
          "probe_breakpoint_handler",
          "crash_fadump",
          "default_machine_kexec",
          "bad_page_fault",
          "__bad_page_fault",
          "do_bad_page_fault_segv",
          "___do_page_fault",
          "__do_page_fault",
          "hash__do_page_fault",
          "do_break",
          "_exception",
          "_exception_pkey",
          "program_check_exception",
          "do_program_check",
          "alignment_exception",
          "data_access_common",
          "data_access_common_virt",
          "instruction_access_common",
          "instruction_access_common_virt",
          "program_check_common",
          "program_check_common_virt",
          "alignment_common",
          "alignment_common_virt",
          "do_exception",
          "do_dat_exception",
          "do_protection_exception",
          "do_fault_error",
          "do_no_context",
          "handle_fault_error",
          "handle_fault_error_nolock",
          "__do_pgm_check",
          "pgm_check_handler",
          "monitor_event_exception",
          "illegal_op",
          "do_report_trap",
          "disabled_wait",
          "do_DataAbort",
          "do_PrefetchAbort",
          "do_undefinstr",
          "__dabt_svc",
          "__pabt_svc",
          "__und_svc",
          "unwind_backtrace");

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
          "__udelay");

  /** By which code is entered: interrupts, timers, softirqs, threads, system calls. */
  private static final Set<String> ENTRIES =
      Set.of(
          "do_syscall_64",
          "do_syscall_x64",
          "do_int80_syscall_32",
          "do_int80_emulation",
          "__do_fast_syscall_32",
          "do_fast_syscall_32",
          "do_SYSENTER_32",
          "x64_sys_call",
          "invoke_syscall",
          "el0_svc_common",
          "do_el0_svc",
          "el0_svc",
          "common_interrupt",
          "__common_interrupt",
          "call_on_irq_stack",
          "do_interrupt_handler",
          "handle_irq_event",
          "handle_irq_event_percpu",
          "__handle_irq_event_percpu",
          "do_IRQ",
          "apic_timer_interrupt",
          "ret_from_intr",
          "end_repeat_nmi",
          "nmi",
          "default_do_nmi",
          "nmi_handle",
          "do_nmi",
          "nmi_restore",
          "__handle_domain_irq",
          "handle_domain_irq",
          "generic_handle_domain_irq",
          "gic_handle_irq",
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
          "do_handle_IPI",
          "ipi_handler",
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
          "secondary_start_kernel",
          "__secondary_switched",
          "common_startup_64",
          "secondary_startup_64",
          "secondary_startup_64_no_verify",
          "do_one_initcall",
          "do_init_module",
          "handle_exception",
          "do_trap_ecall_u",
          "handle_riscv_irq",
          "riscv_intc_irq",
          "do_irq",
          "smp_callin",
          "_start_kernel",
          "system_call_exception",
          "system_call_common",
          "system_call_vectored_common",
          "timer_interrupt",
          "decrementer_common",
          "decrementer_common_virt",
          "doorbell_super_common_virt",
          "hardware_interrupt_common",
          "hardware_interrupt_common_virt",
          "__do_irq",
          "__do_IRQ",
          "call_do_irq",
          "call_do_softirq",
          "start_kernel_thread",
          "start_secondary_prolog",
          "start_here_common",
          "__do_syscall",
          "system_call",
          "do_io_irq",
          "do_ext_irq",
          "do_irq_async",
          "io_int_handler",
          "ext_int_handler",
          "mcck_int_handler",
          "smp_start_secondary",
          "__ret_from_fork",
          "__irq_svc",
          "__irq_usr",
          "ret_fast_syscall");

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

  private Plumbing() {}

  /** {@code symbol} without what compilers add to it: {@code .constprop.0}, {@code .isra.0}. */
  static String name(String symbol) {
    int dot = symbol.indexOf('.', 1);
    return dot < 0 ? symbol : symbol.substring(0, dot);
  }

  /** Whether the function, by its plain name, takes the kernel down. */
  static boolean isDying(String name) {
    return DYING.contains(name) || name.startsWith("asm_exc_") || name.startsWith("exc_");
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
    return ENTRIES.contains(name) || startsWithAny(name, ENTRY_PREFIXES);
  }

  private static boolean startsWithAny(String name, String[] starts) {
    for (String start : starts) {
      if (name.startsWith(start)) {
        return true;
      }
    }
    return false;
  }

  /** The innermost place that isn't of a function that takes the kernel down. */
  static Optional<CodePlace> first(List<CodePlace> frames) {
    for (CodePlace frame : frames) {
      if (!isDying(name(frame.symbol()))) {
        return Optional.of(frame);
      }
    }
    return Optional.empty();
  }
}
