package org.vmcore.kernel.oops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CrashReportTest {
  private static final String NULL = "BUG: kernel NULL pointer dereference, address: 0";
  private static final String[] OOPS = {
    NULL,
    "Oops: Oops: 0000 [#1] PREEMPT SMP NOPTI",
    "CPU: 1 UID: 0 PID: 288 Comm: fx-bystander Kdump: loaded Tainted: G           OE      6.12 #1",
    "Tainted: [O]=OOT_MODULE, [E]=UNSIGNED_MODULE",
    "Hardware name: QEMU Standard PC",
    "RIP: 0010:fx_irq_leaf+0xc/0x20 [fxcrash]",
    "Code: ff ff 89 45",
    "RSP: 0018:ffffd0d600118fa0 EFLAGS: 00000006",
    "Call Trace:",
    " <IRQ>",
    " fx_irq_handler+0x16/0x20 [fxcrash]",
    " ? _printk+0x68/0x83",
    " </IRQ>",
    " <TASK>",
    " asm_sysvec_call_function_single+0x1a/0x20",
    "RIP: 0010:fx_busy+0x2a/0x60 [fxcrash]",
    "RAX: 0000000000000000 RBX: ffff896442028000 RCX: 0000000000000002",
    " fx_do+0x205/0x2a0 [fxcrash]",
    " entry_SYSCALL_64_after_hwframe+0x76/0x7e",
    "RIP: 0033:0x43cb40",
    " not_a_frame+0x1/0x2",
    " </TASK>",
    "Modules linked in: fxcrash(OE) qemu_fw_cfg old(O-) virtio_blk [last unloaded: gone(O)]",
    "CR2: 0000000000000000",
  };

  @Test
  void anOops() {
    CrashReport report = Logs.of(OOPS);

    assertThat(report.kind()).isEqualTo(CrashKind.NULL_POINTER);
    assertThat(report.place())
        .contains(new CodePlace("fx_irq_leaf", 0xc, 0x20, Optional.of("fxcrash")));
    assertThat(report.cpu()).hasValue(1);
    assertThat(report.task()).contains(new TaskName("fx-bystander", 288));
    assertThat(report.taints()).contains("GOE");
    assertThat(report.hardware()).contains("QEMU Standard PC");
    assertThat(report.outOfTree()).containsExactly("fxcrash", "old");
    assertThat(report.nanoseconds()).hasValue(1_000_000_000L);
    assertThat(report).hasToString("null pointer: " + NULL);
  }

  @Test
  void itsFrames() {
    assertThat(Logs.of(OOPS).frames())
        .extracting(CodePlace::toString)
        .containsExactly(
            "fx_irq_leaf+0xc [fxcrash]",
            "fx_irq_handler+0x16 [fxcrash]",
            "asm_sysvec_call_function_single+0x1a",
            "fx_busy+0x2a [fxcrash]",
            "fx_do+0x205 [fxcrash]",
            "entry_SYSCALL_64_after_hwframe+0x76");
  }

  @Test
  void anOopsOfArm64() {
    CrashReport report =
        Logs.of(
            "Unable to handle kernel NULL pointer dereference at virtual address 0000000000000000",
            "Mem abort info:",
            "Internal error: Oops: 0000000096000006 [#1] SMP",
            "Modules linked in: fxcrash(OE) virtio_blk",
            "CPU: 1 UID: 0 PID: 260 Comm: a: b Kdump: loaded Not tainted 6.12.1",
            "Hardware name: linux,dummy-virt (DT)",
            "pstate: 00000005 (nzcv daif -PAN -UAO -TCO -DIT -SSBS BTYPE=--)",
            "pc : fx_null_leaf+0x10/0x28 [fxcrash 0123456789abcdef]",
            "lr : fx_null_middle+0x28/0x48 [fxcrash]",
            "Call trace:",
            " fx_null_leaf+0x10/0x28 [fxcrash 0123456789abcdef] (P)",
            " fx_null_middle+0x28/0x48 [fxcrash] (L)",
            " fx_null_middle+0x28/0x48 [fxcrash]",
            " el0t_64_sync+0x190/0x198",
            "Code: aa1e03e9 d503201f f9404c02 b9000801 (b9400040) ",
            "SMP: stopping secondary CPUs");

    assertThat(report.task()).contains(new TaskName("a: b", 260));
    assertThat(report.taints()).contains("");
    assertThat(report.outOfTree()).containsExactly("fxcrash");
    assertThat(report.frames())
        .extracting(CodePlace::toString)
        .containsExactly(
            "fx_null_leaf+0x10 [fxcrash]", "fx_null_middle+0x28 [fxcrash]", "el0t_64_sync+0x190");
  }

  @Test
  void aPanicThatNoOopsIsBefore() {
    CrashReport report =
        Logs.of(
            "Kernel panic - not syncing: fxcrash: task list damaged",
            "CPU: 1 PID: 278 Comm: fx-culprit Not tainted 6.1 #1",
            "Call Trace:",
            " <TASK>",
            " dump_stack_lvl+0x44/0x5c",
            " panic+0x344/0x3a0",
            " fx_tasks+0xaf/0xb0 [fxcrash]",
            " fx_do+0x16c/0x2a0 [fxcrash]",
            "RIP: 0033:0x43cb40");

    assertThat(report.place()).map(CodePlace::symbol).contains("fx_tasks");
    assertThat(report.event()).isEmpty();
    assertThat(report.task()).contains(new TaskName("fx-culprit", 278));
  }

  @Test
  void aJumpToNowhereIsNotWhereItCameFrom() {
    CrashReport report =
        Logs.of(
            NULL,
            "Oops: 0010 [#1] SMP",
            "CPU: 1 PID: 2 Comm: x Not tainted 6.1 #1",
            "RIP: 0010:0x0",
            "Call Trace:",
            " fx_call+0x12/0x20",
            " </TASK>",
            "RIP: 0010:later+0x1/0x2");

    assertThat(report.place()).isEmpty();
    assertThat(report.frames()).extracting(CodePlace::symbol).startsWith("fx_call");
  }

  @Test
  void aSoftLockup() {
    CrashReport report =
        Logs.of(
            "watchdog: BUG: soft lockup - CPU#2 stuck for 5s! [fx-waiter:298]",
            "CPU: 2 UID: 0 PID: 298 Comm: fx-waiter Not tainted 6.12 #1",
            "RIP: 0010:native_queued_spin_lock_slowpath+0x84/0x2a0",
            "Call Trace:",
            " _raw_spin_lock+0x29/0x30",
            "Kernel panic - not syncing: softlockup: hung tasks",
            "CPU: 2 UID: 0 PID: 298 Comm: fx-waiter Tainted: G             L     6.12 #1",
            "Call Trace:",
            " panic+0x344/0x3a0",
            " watchdog_timer_fn+0x21b/0x260");

    assertThat(report.place()).map(CodePlace::symbol).contains("native_queued_spin_lock_slowpath");
    assertThat(report.suspects().cpu()).hasValue(2);
    assertThat(report.suspects().task()).contains(new TaskName("fx-waiter", 298));
    assertThat(report.taints()).contains("GL");
    assertThat(report.frames())
        .extracting(CodePlace::symbol)
        .containsExactly("native_queued_spin_lock_slowpath", "_raw_spin_lock");
    assertThat(report.panicFrames())
        .extracting(CodePlace::symbol)
        .containsExactly("panic", "watchdog_timer_fn");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          NMI watchdog: Watchdog detected hard LOCKUP on cpu 1dModules linked in: | 1
          watchdog: Watchdog detected hard LOCKUP on cpu 13                       | 13
          watchdog: CPU3: Watchdog detected hard LOCKUP on cpu 4                  | 4
          watchdog: CPU 0 detected hard LOCKUP on other CPUs 3                    | 3
          watchdog: CPU 5 Hard LOCKUP                                             | 5
          """)
  void theCpuOfAHardLockup(String line, int cpu) {
    CrashReport report = Logs.of(line, "Kernel panic - not syncing: Hard LOCKUP");

    assertThat(report.suspects().cpu()).hasValue(cpu);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          rcu: INFO: rcu_preempt self-detected stall on CPU    | rcu: 	1-....: (5249 ticks this GP) idle=1 | 1
          rcu: INFO: rcu_sched detected stalls on CPUs/tasks:  | rcu: 	12-...0: (0 ticks this GP) idle=1   | 12
          INFO: rcu_sched detected stalls on CPUs/tasks:       | 	3-...: (0 ticks this GP) idle=1             | 3
          """)
  void theCpuOfAnRcuStall(String line, String next, int cpu) {
    CrashReport report = Logs.of(line, next, "Kernel panic - not syncing: RCU Stall");

    assertThat(report.kind()).isEqualTo(CrashKind.RCU_STALL);
    assertThat(report.suspects().cpu()).hasValue(cpu);
  }

  @ParameterizedTest
  @ValueSource(strings = {"P298/1:b..l", "P298", "P298 P300/1:b..l"})
  void theTaskThatHoldsUpAnRcuGracePeriod(String tasks) {
    CrashReport report =
        Logs.of(
            "rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:",
            "rcu: 	Tasks blocked on level-0 rcu_node (CPUs 0-3): " + tasks,
            "rcu: 	(detected by 0, t=5252 jiffies, g=1234, q=12 ncpus=4)",
            "task:fx-reader       state:R  running task     stack:0     pid:298   tgid:298",
            "Kernel panic - not syncing: RCU Stall");

    assertThat(report.suspects().cpu()).isEmpty();
    assertThat(report.suspects().task()).contains(new TaskName("fx-reader", 298));
  }

  @Test
  void whatAnNmiInterrupted() {
    CrashReport report =
        Logs.of(
            "Uhhuh. NMI received for unknown reason 30 on CPU 0.",
            "Kernel panic - not syncing: NMI: Not continuing",
            "CPU: 0 UID: 0 PID: 288 Comm: fx-bystander Not tainted 6.12 #1",
            "Call Trace:",
            " <NMI>",
            " panic+0x344/0x3a0",
            " nmi_panic.cold+0xc/0xc",
            " unknown_nmi_error+0x12/0x80",
            " end_repeat_nmi+0xf/0x53",
            "RIP: 0010:fx_busy+0x2a/0x60 [fxcrash]");

    assertThat(report.kind()).isEqualTo(CrashKind.NMI);
    assertThat(report.place()).map(CodePlace::symbol).contains("fx_busy");
  }

  @Test
  void hungTasks() {
    CrashReport report =
        new Logs()
            .log("INFO: task long-ago:1 blocked for more than 120 seconds.")
            .after(1000)
            .log(
                "INFO: task a:b:292 blocked for more than 3 seconds.",
                "task:a:b state:D stack:0     pid:292",
                "Call Trace:",
                " __schedule+0x4e0/0xbf0",
                "INFO: task a:b:292 is blocked on a mutex likely owned by task fx-owner:290.",
                "INFO: task fx-blocked-2:293 blocked in I/O wait for more than 3 seconds.",
                "Kernel panic - not syncing: hung_task: blocked tasks",
                "CPU: 3 UID: 0 PID: 47 Comm: khungtaskd Not tainted 6.12 #1",
                "Call Trace:",
                " panic+0x344/0x3a0",
                " watchdog+0x2f2/0x5d0")
            .report();

    assertThat(report.suspects().blocked())
        .containsExactly(new TaskName("a:b", 292), new TaskName("fx-blocked-2", 293));
    assertThat(report.suspects().owner()).contains(new TaskName("fx-owner", 290));
    assertThat(report.task()).contains(new TaskName("khungtaskd", 47));
    assertThat(report.place()).map(CodePlace::symbol).contains("watchdog");
    assertThat(report.frames()).extracting(CodePlace::symbol).containsExactly("__schedule");
    assertThat(report.earlier()).hasSize(1);
  }

  @Test
  void whoHoldsMostMemory() {
    CrashReport report =
        Logs.of(
            "sh invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE), order=0",
            "CPU: 0 UID: 0 PID: 1 Comm: sh Not tainted 6.12 #1",
            "Call Trace:",
            " dump_stack_lvl+0x44/0x5c",
            "Tasks state (memory values in pages):",
            "[  pid  ]   uid  tgid total_vm      rss rss_anon pgtables_bytes swapents oom_score_adj"
                + " name",
            "[      1]     0     1      500      120       20    45056        0             0 init",
            "[    290]     0   290   600000    50000    49990   450560        0             0 fx"
                + " fill",
            "[    291]     0   291   900000       10       10   450560    40000             0"
                + " other",
            "Kernel panic - not syncing: Out of memory: compulsory panic_on_oom is enabled",
            "CPU: 0 UID: 0 PID: 1 Comm: sh Not tainted 6.12 #1",
            "Call Trace:",
            " panic+0x344/0x3a0",
            " out_of_memory+0x123/0x456");

    assertThat(report.suspects().task()).contains(new TaskName("fx fill", 290));
    assertThat(report.task()).contains(new TaskName("sh", 1));
    assertThat(report.place()).map(CodePlace::symbol).contains("out_of_memory");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          list_del corruption. prev->next should be ffff1, but was ffff2.
          list_add corruption. next->prev should be prev (ffff1), but was ffff2.
          usercopy: Kernel memory exposure attempt detected from SLUB object 'x'!
          """)
  void whatABugIsAbout(String line) {
    CrashReport report =
        Logs.of(
            line, "------------[ cut here ]------------", "kernel BUG at lib/x.c:62!", "CPU: 1");

    assertThat(report.kind()).isEqualTo(CrashKind.BUG);
    assertThat(report.detail()).contains(line);
  }

  @Test
  void whatAWarningIsAbout() {
    CrashReport report =
        Logs.of(
            "------------[ cut here ]------------",
            "fxcrash: magic 4658435241534821",
            "WARNING: CPU: 1 PID: 9 at fs/x.c:1 fx_warn.constprop.0+0x1c/0x30 [fxcrash]",
            "CPU: 1 UID: 0 PID: 9 Comm: fx-culprit Not tainted 6.12 #1",
            "RIP: 0010:fx_warn.constprop.0+0x1c/0x30 [fxcrash]",
            "Call Trace:",
            " fx_do+0x1/0x2 [fxcrash]",
            "Kernel panic - not syncing: kernel: panic_on_warn set ...");

    assertThat(report.detail()).contains("fxcrash: magic 4658435241534821");
    assertThat(report.place()).map(CodePlace::symbol).contains("fx_warn.constprop.0");
  }

  @Test
  void whatTheHardwareSaid() {
    CrashReport report =
        Logs.of(
            "mce: [Hardware Error]: CPU 2: Machine Check Exception: 5 Bank 4: be00000000800400",
            "mce: [Hardware Error]: TSC 0",
            "Kernel panic - not syncing: Fatal local machine check");

    assertThat(report.detail()).hasValueSatisfying(it -> assertThat(it).contains("CPU 2:"));
  }

  @Test
  void anOopsInTheCourseOfAnotherBelongsToIt() {
    CrashReport report =
        Logs.of(
            NULL,
            "Oops: 0000 [#1] SMP",
            "CPU: 1 PID: 2 Comm: first Not tainted",
            "BUG: unable to handle page fault for address: 10",
            "Oops: 0000 [#2] SMP",
            "CPU: 1 PID: 2 Comm: first Not tainted",
            "Kernel panic - not syncing: Fatal exception");

    assertThat(report.panic()).contains(NULL);
  }

  @Test
  void anOopsThatWasSurvivedIsEarlier() {
    CrashReport report =
        Logs.of(
            NULL,
            "Oops: 0000 [#1] SMP",
            "CPU: 1 PID: 2 Comm: first Not tainted",
            "---[ end trace 0000000000000000 ]---",
            "general protection fault: 0000 [#2] SMP",
            "CPU: 0 PID: 3 Comm: second Tainted: G      D    6.1");

    assertThat(report.kind()).isEqualTo(CrashKind.GENERAL_PROTECTION);
    assertThat(report.task()).contains(new TaskName("second", 3));
    assertThat(report.earlier()).extracting(LogLine::text).containsExactly(NULL);
  }

  @Test
  void theFirstPanicIsTheReason() {
    CrashReport report =
        Logs.of(
            "Kernel panic - not syncing: sysrq triggered crash",
            "Kernel panic - not syncing: Fatal exception");

    assertThat(report.kind()).isEqualTo(CrashKind.SYSRQ);
  }

  @Test
  void linesOfOthersAreNoPartOfIt() {
    CrashReport report =
        new Logs()
            .by("T9")
            .log(NULL, "Oops: 0000 [#1] SMP")
            .by("C0")
            .log("CPU: 0 PID: 0 Comm: swapper/0 Not tainted 6.1", "RIP: 0010:other+0x1/0x2")
            .by("T9")
            .log("CPU: 1 PID: 9 Comm: guilty Not tainted 6.1", "RIP: 0010:fx_bug+0x1/0x2")
            .report();

    assertThat(report.task()).contains(new TaskName("guilty", 9));
    assertThat(report.place()).map(CodePlace::symbol).contains("fx_bug");
  }

  @Test
  void aLineInTwoRecords() {
    CrashReport report =
        new Logs()
            .log(NULL, "Oops: 0000 [#1] SMP", "Modules linked in: one(O)")
            .goOn(" two(OE)\nCPU: 1 PID: 9 Comm: x Not tainted 6.1")
            .report();

    assertThat(report.outOfTree()).containsExactly("one", "two");
    assertThat(report.cpu()).hasValue(1);
  }

  @Test
  void whatProgramsWroteIsBeforeItAndTellsNothing() {
    CrashReport report =
        new Logs()
            .ofProgram("Hardware name: none")
            .log(NULL)
            .ofProgram("CPU: 9 PID: 9 Comm: liar Not tainted 6.1")
            .log("Oops: 0000 [#1] SMP", "CPU: 1 PID: 1 Comm: init Not tainted 6.1")
            .report();

    assertThat(report.before(1)).extracting(LogLine::text).containsExactly("Hardware name: none");
    assertThat(report.cpu()).hasValue(1);
    assertThat(report.hardware()).isEmpty();
  }

  @Test
  void theLinesBeforeIt() {
    CrashReport report = new Logs().log("a", "b", "c").log(OOPS).report();

    assertThat(report.before(2)).extracting(LogLine::text).containsExactly("b", "c");
    assertThat(report.before(9)).extracting(LogLine::text).containsExactly("a", "b", "c");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          RIP: 0010:[<ffffffff813ad3d6>]  [<ffffffff813ad3d6>] f+0x16/0x20     | f
          EIP: f+0x16/0x20                                                     | f
          EIP: 0060:f+0x16/0x20                                                | f
          PC is at f+0x16/0x20 [m]                                             | f
          NIP [c0000000005e7a4c] f+0x16/0x20                                   | f
          epc : f+0x16/0x20                                                    | f
          Krnl PSW : 0704c00180000000 0000000000123456 (f+0x16/0x20)           | f
          """)
  void instructionsOfOtherMachines(String line, String symbol) {
    CrashReport report = Logs.of("Oops: 0002 [#1] SMP", "CPU: 1", line);

    assertThat(report.place()).map(CodePlace::symbol).contains(symbol);
  }

  @ParameterizedTest
  @CsvSource({
    "f+0x/0x20",
    "f+0x16/",
    "f+16/20",
    "+0x1/0x2",
    "f+0x11111111111111111/0x20",
    "f+0xg/0x2"
  })
  void whatIsNoPlace(String word) {
    CrashReport report = Logs.of("Oops: 0002 [#1] SMP", "CPU: 1", "RIP: 0010:" + word);

    assertThat(report.place()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "CPU: 99999999999 PID: 1 Comm: x Not tainted",
    "CPU: 1 PID: x Comm: x Not tainted",
    "CPU: 1 PID: 1",
    "CPU: ",
  })
  void whatIsNoCpu(String line) {
    assertThat(Logs.of("Oops: 0002 [#1] SMP", line).cpu()).isEmpty();
  }

  @Test
  void aProgramCantNameItsOwnTaints() {
    CrashReport report =
        Logs.of(
            "Oops: 0002 [#1] SMP", "CPU: 1 PID: 1 Comm:  Tainted: G P Tainted: G   OE   6.1 #1");

    assertThat(report.taints()).contains("GOE");
    assertThat(report.task()).contains(new TaskName(" Tainted: G P", 1));
  }

  @Test
  void aTraceWithoutEndEnds() {
    List<String> lines = new java.util.ArrayList<>(List.of("Oops: 0002 [#1] SMP", "Call Trace:"));
    for (int i = 0; i < 5000; i++) {
      lines.add(" f+0x1/0x2");
    }

    assertThat(Logs.of(lines.toArray(String[]::new)).frames()).hasSize(1024);
  }
}
