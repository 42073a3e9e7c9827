package org.vmcore.kernel.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.oops.CodePlace;
import org.vmcore.kernel.oops.CrashKind;
import org.vmcore.kernel.oops.TaskName;
import org.vmcore.kernel.system.Taints;
import org.vmcore.kernel.tasks.Task;
import org.vmcore.memory.Finding;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.KernelDump;
import org.vmcore.testing.PrintkRingBytes;
import org.vmcore.testing.StacksKernel;
import org.vmcore.testing.TasksKernel;

class CrashTest {
  private static final long SECOND = 1_000_000_000L;
  private static final String[] NULL_POINTER = {
    "BUG: kernel NULL pointer dereference, address: 0000000000000000",
    "Oops: Oops: 0000 [#1] PREEMPT SMP NOPTI",
    "CPU: 1 UID: 0 PID: 10 Comm: culprit Tainted: G           OE      6.12 #1",
    "Hardware name: QEMU Standard PC",
    "RIP: 0010:leaf+0xf/0x20 [fxcrash]",
    "Call Trace:",
    " middle+0x14/0x20 [fxcrash]",
    " do_syscall_64+0x87/0x180",
    "Modules linked in: fxcrash(OE) virtio_blk",
  };

  @TempDir Path folder;

  private static void log(KernelDump dump, String... lines) {
    PrintkRingBytes ring = new PrintkRingBytes(dump, 5, 12, 0);
    ring.add(SECOND, 6, "before");
    for (String line : lines) {
      ring.add(2 * SECOND, 0, line);
    }
  }

  private Crash crash(DumpBuilder dump) throws Exception {
    try (Vmcore vmcore = Vmcore.open(dump.writeTo(folder.resolve("vmcore")))) {
      return Kernel.of(vmcore).crash();
    }
  }

  @Test
  void byTheLogAlone() throws Exception {
    KernelDump dump = new KernelDump();
    log(dump, NULL_POINTER);
    Crash crash = crash(dump.dump());

    assertThat(crash.kind()).isEqualTo(CrashKind.NULL_POINTER);
    assertThat(crash.cpu()).hasValue(1);
    assertThat(crash.task()).contains(new TaskName("culprit", 10));
    assertThat(crash.guilty().flatMap(Guilty::task)).contains(new TaskName("culprit", 10));
    assertThat(crash.ip().flatMap(CrashFrame::place)).map(CodePlace::symbol).contains("leaf");
    assertThat(crash.taints()).contains(new Taints(1 << 12 | 1 << 13));
    assertThat(crash.hardware()).contains("QEMU Standard PC");
    assertThat(crash.uptime()).hasValue(2 * SECOND);
    assertThat(crash.outOfTree()).containsExactly("fxcrash");
    assertThat(crash.fingerprint().inputs())
        .containsExactly("null pointer", "leaf [fxcrash]", "middle [fxcrash]");
    assertThat(crash.gaps())
        .extracting(Finding::message)
        .anySatisfy(it -> assertThat(it).startsWith("tasks, so the log alone tells who ran: "));
  }

  @Test
  void itsStackIsThatOfTheLog() throws Exception {
    KernelDump dump = new KernelDump();
    log(dump, NULL_POINTER);
    CrashStack stack = crash(dump.dump()).stacks().getFirst();

    assertThat(stack.isOfLog()).isTrue();
    assertThat(stack.isGuilty()).isTrue();
    assertThat(stack.isPanicking()).isTrue();
    assertThat(stack.frames())
        .extracting(CrashFrame::toString)
        .containsExactly("leaf+0xf [fxcrash]", "middle+0x14 [fxcrash]", "do_syscall_64+0x87");
  }

  @Test
  void aCallThatNeverReturnsIsNotOfTheFunctionBehindIt() throws Exception {
    TasksKernel kernel = new TasksKernel();
    kernel.function("caller", TasksKernel.TEXT + 0x200);
    kernel.function("neighbour", TasksKernel.TEXT + 0x220);
    log(
        kernel.memory(),
        "Kernel panic - not syncing: gone",
        "CPU: 0 UID: 0 PID: 10 Comm: culprit Not tainted 6.12 #1",
        "Call Trace:",
        "[<ffffffff80a66214>] panic+0x11a/0x35a",
        "[<ffffffff806f7f90>] neighbour+0x0/0x7e",
        "[<ffffffff806f864c>] outer+0xa4/0x188");
    Crash crash = crash(kernel.dump());

    assertThat(crash.fingerprint().inputs()).containsSequence("caller", "outer");
    assertThat(crash.stacks().getFirst().frames())
        .extracting(CrashFrame::toString)
        .containsExactly("panic+0x11a", "caller+0x20", "outer+0xa4");
  }

  @Test
  void panicItselfIsNotWhereItCrashed() throws Exception {
    TasksKernel kernel = new TasksKernel();
    kernel.function("do_panic_on_target_cpu", TasksKernel.TEXT + 0x140);
    log(
        kernel.memory(),
        "Kernel panic - not syncing: gone",
        "CPU: 0 UID: 0 PID: 10 Comm: culprit Not tainted 6.12 #1",
        "Call Trace:",
        "[c000000003847880] [c0000000002399b4] vpanic+0x360/0x614",
        "[c000000003847930] [c000000000239ca4] do_panic_on_target_cpu+0x0/0x2c",
        "[c000000003847950] [c000000000dc0868] culprit+0x28/0x30");

    assertThat(crash(kernel.dump()).ip().orElseThrow()).hasToString("culprit+0x28");
  }

  @Test
  void whereNothingOfTheStackCountsTheLogsTraceDoes() throws Exception {
    StacksKernel kernel = new StacksKernel();
    long task = kernel.tasks().process(9, "culprit");
    long pointer = kernel.sleeping(task, 0, StacksKernel.FORK + 1);
    kernel.tasks().running(0, task);
    kernel.words(pointer, 0, 0, StacksKernel.FORK + 1);
    log(kernel.memory(), NULL_POINTER);
    Crash crash = crash(kernel.dump(9, StacksKernel.WORKER + 3, pointer));

    assertThat(crash.stacks().getFirst().isOfLog()).isFalse();
    assertThat(crash.stacks().getFirst().brokenOff()).isEmpty();
    assertThat(crash.fingerprint().inputs())
        .containsExactly("null pointer", "leaf [fxcrash]", "middle [fxcrash]");
  }

  @Test
  void whatMemoryTellsIsMoreThanTheLog() throws Exception {
    TasksKernel kernel = new TasksKernel();
    log(kernel.memory(), NULL_POINTER);
    kernel.running(0, kernel.process(10, "renamed"));
    kernel.state(kernel.process(11, "blocked"), 2, 0);
    kernel.module("own", 0xffff_ffff_c000_0000L, 0x1000, 0, 0);
    kernel.module("foreign", 0xffff_ffff_c010_0000L, 0x1000, 1 << 12, 0);
    Crash crash = crash(kernel.dump());

    assertThat(crash.cpu()).hasValue(0);
    assertThat(crash.task()).contains(new TaskName("renamed", 10));
    assertThat(crash.uninterruptible()).extracting(Task::comm).containsExactly("blocked");
    assertThat(crash.outOfTree()).containsExactly("foreign");
    assertThat(crash.uptime().orElse(0)).isGreaterThan(9 * SECOND);
  }

  @Test
  void aStuckCpuIsNotAlwaysTheOneThatPanicked() throws Exception {
    TasksKernel kernel = new TasksKernel();
    kernel.running(1, kernel.process(20, "stuck"));
    log(
        kernel.memory(),
        "watchdog: Watchdog detected hard LOCKUP on cpu 1",
        "Kernel panic - not syncing: Hard LOCKUP",
        "CPU: 0 PID: 0 Comm: swapper/0 Not tainted 6.12 #1");
    Crash crash = crash(kernel.dump());

    assertThat(crash.kind()).isEqualTo(CrashKind.HARD_LOCKUP);
    assertThat(crash.task()).contains(new TaskName("swapper/0", 0));
    assertThat(crash.guilty().orElseThrow().task()).contains(new TaskName("stuck", 20));
    assertThat(crash.guilty().orElseThrow().cpu()).hasValue(1);
  }

  @Test
  void anInterruptsFaultIsNoTasks() throws Exception {
    TasksKernel kernel = new TasksKernel();
    log(
        kernel.memory(),
        "BUG: kernel NULL pointer dereference, address: 0000000000000000",
        "Oops: 0000 [#1] SMP",
        "CPU: 0 PID: 10 Comm: bystander Not tainted 6.12 #1",
        "RIP: 0010:handler+0xc/0x20",
        "Call Trace:",
        " asm_sysvec_call_function_single+0x1a/0x20");
    Guilty guilty = crash(kernel.dump()).guilty().orElseThrow();

    assertThat(guilty.task()).isEmpty();
    assertThat(guilty.cpu()).hasValue(0);
    assertThat(guilty.why()).endsWith("the task that it interrupted is innocent");
  }

  @Test
  void whoHoldsMostMemory() throws Exception {
    TasksKernel kernel = new TasksKernel();
    kernel.process(30, "hog");
    log(
        kernel.memory(),
        "sh invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE), order=0",
        "[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name",
        "[     30]     0    30   600000    50000   450560        0             0 hog",
        "Kernel panic - not syncing: Out of memory: compulsory panic_on_oom is enabled");
    Crash crash = crash(kernel.dump());

    assertThat(crash.guilty().flatMap(Guilty::task)).contains(new TaskName("hog", 30));
    assertThat(crash.fingerprint().inputs()).containsExactly("out of memory", "hog");
  }

  @Test
  void aSystemThatRan() throws Exception {
    TasksKernel kernel = new TasksKernel();
    log(kernel.memory(), "all is well");
    Crash crash = crash(kernel.dump());

    assertThat(crash.kind()).isEqualTo(CrashKind.NONE);
    assertThat(crash.stacks()).isEmpty();
    assertThat(crash.guilty()).isEmpty();
    assertThat(crash.cpu()).isEmpty();
  }

  @Test
  void withoutALogNothingIsInvented() throws Exception {
    Crash crash = crash(new KernelDump().dump());

    assertThat(crash.kind()).isEqualTo(CrashKind.NONE);
    assertThat(crash.gaps())
        .extracting(Finding::message)
        .anyMatch(it -> it.startsWith("the log: "));
  }
}
