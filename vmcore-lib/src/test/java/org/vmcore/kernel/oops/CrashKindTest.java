package org.vmcore.kernel.oops;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which kind of crash the kernel's words tell. */
class CrashKindTest {
  private static final String FATAL = "Kernel panic - not syncing: Fatal exception";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sysrq triggered crash                                         | SYSRQ
          softlockup: hung tasks                                        | SOFT_LOCKUP
          Hard LOCKUP                                                   | HARD_LOCKUP
          Watchdog detected hard LOCKUP on cpu 3                        | HARD_LOCKUP
          hung_task: blocked tasks                                      | HUNG_TASK
          RCU Stall                                                     | RCU_STALL
          stack-protector: Kernel stack is corrupted in: do_x+0x1/0x2   | STACK_CORRUPTION
          corrupted stack end detected inside scheduler                 | STACK_OVERFLOW
          kernel stack overflow                                         | STACK_OVERFLOW
          Out of memory: compulsory panic_on_oom is enabled             | OUT_OF_MEMORY
          Out of memory: system-wide panic_on_oom is enabled            | OUT_OF_MEMORY
          out of memory. panic_on_oom is selected                       | OUT_OF_MEMORY
          System is deadlocked on memory                                | OUT_OF_MEMORY
          Attempted to kill init! exitcode=0x0000000b                   | INIT_DIED
          No working init found.  Try passing init= option to kernel.   | NO_INIT
          Requested init /sbin/no failed (error -2).                    | NO_INIT
          VFS: Unable to mount root fs on unknown-block(0,0)            | NO_ROOT
          VFS: Unable to mount root fs on "/dev/sda1" or unknown-block  | NO_ROOT
          Fatal machine check                                           | MACHINE_CHECK
          Fatal local machine check                                     | MACHINE_CHECK
          Machine check from unknown source                             | MACHINE_CHECK
          Fatal Machine check                                           | MACHINE_CHECK
          Fatal hardware error!                                         | MACHINE_CHECK
          Timeout: Not all CPUs entered broadcast exception handler     | MACHINE_CHECK
          NMI: Not continuing                                           | NMI
          NMI IOCK error: Not continuing                                | NMI
          An NMI occurred. Depending on your system the reason is logged | NMI
          Asynchronous SError Interrupt                                 | SYSTEM_ERROR
          watchdog pretimeout event                                     | WATCHDOG
          Software Watchdog Timer expired                               | WATCHDOG
          KASAN: panic_on_warn set ...                                  | KASAN
          kasan.fault=panic set ...                                     | KASAN
          UBSAN: panic_on_warn set ...                                  | UBSAN
          KFENCE: panic_on_warn set ...                                 | KFENCE
          scheduling while atomic: panic_on_warn set ...                | SCHEDULING
          kernel: panic_on_warn set ...                                 | WARNING
          Machine halted.                                               | DOUBLE_FAULT
          fxcrash: task list damaged after pid 274                      | PANIC
          """)
  void ofAPanic(String message, CrashKind kind) {
    CrashReport report = Logs.of("all is well", "Kernel panic - not syncing: " + message);

    assertThat(report.kind()).isEqualTo(kind);
    assertThat(report.panic()).contains("Kernel panic - not syncing: " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          BUG: kernel NULL pointer dereference, address: 0000000000000008          | NULL_POINTER
          BUG: unable to handle kernel NULL pointer dereference at 0000000000000008 | NULL_POINTER
          BUG: Kernel NULL pointer dereference on read at 0x00000000               | NULL_POINTER
          BUG: unable to handle page fault for address: ffffc90000503c48           | PAGE_FAULT
          BUG: unable to handle kernel paging request at ffffc90000503c48          | PAGE_FAULT
          BUG: TASK stack guard page was hit at 00000000ca8bb0cf (stack is 0..1)   | STACK_OVERFLOW
          BUG: stack guard page was hit at 00000000ca8bb0cf (stack is 0..1)        | STACK_OVERFLOW
          BUG: IRQ stack guard page was hit at 00000000ca8bb0cf (stack is 0..1)    | STACK_OVERFLOW
          Insufficient stack space to handle exception!                           | STACK_OVERFLOW
          kernel BUG at lib/list_debug.c:62!                                       | BUG
          kernel BUG at mm/usercopy.c:102!                                         | BUG
          BUG: KASAN: slab-use-after-free in fx_do+0x1/0x2 [fxcrash]               | KASAN
          BUG: KFENCE: use-after-free read in fx_do+0x1/0x2                        | KFENCE
          BUG: KMSAN: uninit-value in fx_do+0x1/0x2                                | KMSAN
          BUG: scheduling while atomic: fx-culprit/269/0x00000002                  | SCHEDULING
          watchdog: BUG: soft lockup - CPU#2 stuck for 5s! [fx-waiter:298]         | SOFT_LOCKUP
          BUG: soft lockup - CPU#2 stuck for 22s! [fx-waiter:298]                  | SOFT_LOCKUP
          NMI watchdog: BUG: soft lockup - CPU#2 stuck for 22s! [fx-waiter:298]    | SOFT_LOCKUP
          NMI watchdog: Watchdog detected hard LOCKUP on cpu 1                     | HARD_LOCKUP
          watchdog: Watchdog detected hard LOCKUP on cpu 1                         | HARD_LOCKUP
          Watchdog detected hard LOCKUP on cpu 1                                   | HARD_LOCKUP
          watchdog: CPU3: Watchdog detected hard LOCKUP on cpu 3                   | HARD_LOCKUP
          watchdog: CPU 0 detected hard LOCKUP on other CPUs 3                     | HARD_LOCKUP
          Unable to handle kernel NULL pointer dereference at virtual address 0000000000000000 | NULL_POINTER
          Unable to handle kernel paging request at virtual address dead000000000108 | PAGE_FAULT
          Unable to handle kernel read from unreadable memory at virtual address 10  | PAGE_FAULT
          SError Interrupt on CPU1, code 0x00000000be000011 -- SError              | SYSTEM_ERROR
          Oops: general protection fault, probably for non-canonical address 0xdead: 0000 [#1] | GENERAL_PROTECTION
          general protection fault, probably for non-canonical address 0xdead: 0000 [#1] SMP   | GENERAL_PROTECTION
          general protection fault: 0000 [#1] SMP                                  | GENERAL_PROTECTION
          Oops: divide error: 0000 [#1] PREEMPT SMP NOPTI                          | DIVIDE_ERROR
          divide error: 0000 [#1] SMP                                              | DIVIDE_ERROR
          Oops: invalid opcode: 0000 [#1] PREEMPT SMP NOPTI                        | INVALID_OPCODE
          Oops: double fault: 0000 [#1] PREEMPT SMP                                | DOUBLE_FAULT
          traps: PANIC: double fault, error_code: 0x0                              | DOUBLE_FAULT
          Oops: stack guard page: 0000 [#1] PREEMPT SMP NOPTI                      | STACK_OVERFLOW
          kernel stack overflow (double-fault): 0000 [#1] SMP                      | STACK_OVERFLOW
          Oops: control protection fault: 0003 [#1]                                | CONTROL_FLOW
          CFI failure at fx_do+0x1/0x2 (target: fx_x+0x0/0x1; expected type: 0x1)  | CONTROL_FLOW
          Internal error: Oops - BUG: 00000000f2000800 [#1] SMP                    | BUG
          Internal error: Oops - Undefined instruction: 0000000002000000 [#1] SMP  | INVALID_OPCODE
          Internal error: synchronous external abort: 0000000096000210 [#1] SMP    | SYSTEM_ERROR
          Internal error: SError: 00000000be000011 [#1]                            | SYSTEM_ERROR
          Internal error: KASAN: 00000000f2000901 [#1] SMP                         | KASAN
          Internal error: UBSAN: array index out of bounds: 00000000f2005512 [#1]  | UBSAN
          Internal error: Oops: 0000000096000006 [#1] SMP                          | OOPS
          Oops: 0002 [#1] SMP                                                      | OOPS
          """)
  void ofAnOops(String line, CrashKind kind) {
    assertThat(Logs.of("all is well", line, "CPU: 1").kind()).isEqualTo(kind);
    assertThat(Logs.of(line, "CPU: 1", FATAL).kind()).isEqualTo(kind);
    assertThat(Logs.of(line, "CPU: 1", FATAL).panic()).contains(line);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          kernel BUG at fs/inode.c:611! | Oops: invalid opcode: 0000 [#1] SMP | BUG
          kernel BUG at fs/inode.c:611! | Internal error: Oops - BUG: 00000000f2000800 [#1] SMP | BUG
          BUG: kernel NULL pointer dereference, address: 0 | Oops: Oops: 0000 [#1] SMP | NULL_POINTER
          BUG: TASK stack guard page was hit at 0 | Oops: stack guard page: 0000 [#1] | STACK_OVERFLOW
          Unable to handle kernel paging request at virtual address 1 | Internal error: Oops: 96000004 [#1] | PAGE_FAULT
          """)
  void whatHappenedIsMoreThanTheTrap(String event, String trap, CrashKind kind) {
    assertThat(Logs.of(event, "#PF: error_code(0x0000)", trap, "CPU: 1").kind()).isEqualTo(kind);
  }

  @Test
  void aWildAddressThatKasanKnowsToBeANullPointer() {
    CrashReport report =
        Logs.of(
            "Oops: general protection fault, probably for non-canonical address 0xdffffc: 0000"
                + " [#1]",
            "KASAN: null-ptr-deref in range [0x0000000000000018-0x000000000000001f]",
            "CPU: 1 PID: 2 Comm: x Not tainted 6.1");

    assertThat(report.kind()).isEqualTo(CrashKind.NULL_POINTER);
    assertThat(report.detail()).hasValueSatisfying(it -> assertThat(it).startsWith("KASAN: null"));
  }

  @Test
  void anOldSysrqThatWroteToANullPointer() {
    CrashReport report =
        Logs.of(
            "SysRq : Trigger a crash",
            "BUG: unable to handle kernel NULL pointer dereference at           (null)",
            "IP: [<ffffffff813ad3d6>] sysrq_handle_crash+0x16/0x20",
            "Oops: 0002 [#1] SMP ",
            "CPU: 0 PID: 9 Comm: bash Not tainted 3.10.0 #1",
            "RIP: 0010:[<ffffffff813ad3d6>]  [<ffffffff813ad3d6>] sysrq_handle_crash+0x16/0x20",
            "Call Trace:",
            " [<ffffffff813adcb2>] __handle_sysrq+0xa2/0x170");

    assertThat(report.kind()).isEqualTo(CrashKind.SYSRQ);
    assertThat(report.frames())
        .extracting(CodePlace::symbol)
        .containsExactly("sysrq_handle_crash", "__handle_sysrq");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          WARNING: CPU: 1 PID: 9 at fs/x.c:1 fx_warn+0x1/0x2 | kernel: panic_on_warn set ... | WARNING
          BUG: KASAN: use-after-free in f+0x1/0x2            | panic_on_warn set ...         | KASAN
          UBSAN: shift-out-of-bounds in fs/x.c:1:2           | panic_on_warn set ...         | UBSAN
          """)
  void aPanicOfAWarningIsOfItsKind(String warning, String message, CrashKind kind) {
    CrashReport report =
        Logs.of(warning, "CPU: 1", "Kernel panic - not syncing: " + message, "CPU: 1");

    assertThat(report.kind()).isEqualTo(kind);
    assertThat(report.event()).contains(warning);
  }

  @Test
  void aSystemThatRuns() {
    CrashReport report =
        Logs.of(
            "WARNING: CPU: 1 PID: 9 at fs/x.c:1 fx_warn+0x1/0x2",
            "CPU: 1 PID: 9 Comm: x Not tainted 6.1",
            "---[ end trace 0000000000000000 ]---",
            "INFO: task a:1 blocked for more than 120 seconds.");

    assertThat(report.kind()).isEqualTo(CrashKind.NONE);
    assertThat(report.panic()).isEmpty();
    assertThat(report.earlier())
        .extracting(LogLine::text)
        .containsExactly(
            "WARNING: CPU: 1 PID: 9 at fs/x.c:1 fx_warn+0x1/0x2",
            "INFO: task a:1 blocked for more than 120 seconds.");
  }

  @Test
  void anEmptyLog() {
    CrashReport report = Logs.of();

    assertThat(report.kind()).isEqualTo(CrashKind.NONE);
    assertThat(report.place()).isEmpty();
    assertThat(report.frames()).isEmpty();
    assertThat(report.before(10)).isEmpty();
    assertThat(report.nanoseconds()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          kernel BUG at [123]: segfault at 0 ip 0000000000401000 sp 00007ffc error 4 in a[400000+1000]
          BUG: [123]: segfault at 0 ip 0000000000401000 sp 00007ffc error 4
          divide error: [77] general protection fault ip:401000 sp:7ffc error:0 in a[400000+1000]
          """)
  void aProgramMayCallItselfAnything(String line) {
    assertThat(Logs.of(line, "CPU: 1").kind()).isEqualTo(CrashKind.NONE);
  }

  @Test
  void whatProgramsWriteToTheLogIsNoCrash() {
    CrashReport report =
        new Logs().ofProgram("Kernel panic - not syncing: hung_task").log("all is well").report();

    assertThat(report.kind()).isEqualTo(CrashKind.NONE);
  }
}
