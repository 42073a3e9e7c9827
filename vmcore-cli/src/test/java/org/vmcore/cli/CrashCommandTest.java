package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.testing.KernelDump;
import org.vmcore.testing.PrintkRingBytes;
import org.vmcore.testing.TasksKernel;

class CrashCommandTest {
  private static final long SECOND = 1_000_000_000L;
  private static final String[] LOCKUP = {
    "watchdog: BUG: soft lockup - CPU#0 stuck for 5s! [waiter:10]",
    "Modules linked in: fxcrash(OE)",
    "CPU: 0 UID: 0 PID: 10 Comm: waiter Tainted: G           OE      6.12 #1",
    "Hardware name: QEMU Standard PC",
    "RIP: 0010:busy+0x84/0x2a0 [fxcrash]",
    "Call Trace:",
    " want+0x15/0x40 [fxcrash]",
    "Kernel panic - not syncing: softlockup: hung tasks",
    "CPU: 0 UID: 0 PID: 10 Comm: waiter Tainted: G           OEL     6.12 #1",
    "Call Trace:",
    " panic+0x344/0x3a0",
    " watchdog_timer_fn+0x21b/0x260",
  };

  @TempDir Path folder;

  private static KernelDump log(KernelDump dump, String... lines) {
    PrintkRingBytes ring = new PrintkRingBytes(dump, 5, 12, 0);
    ring.add(SECOND, 6, "before");
    for (int i = 0; i < lines.length; i++) {
      ring.add(2 * SECOND, 0, lines[i]);
    }
    return dump;
  }

  private Path byLog(String... lines) throws IOException {
    return log(new KernelDump(), lines).dump().writeTo(folder.resolve("vmcore"));
  }

  /** A kernel with tasks: one that is stuck, one in D, a module. */
  private Path withTasks() throws IOException {
    TasksKernel kernel = new TasksKernel();
    kernel.running(0, kernel.process(10, "waiter"));
    kernel.state(kernel.process(11, "blocked"), 2, 0);
    kernel.module("foreign", 0xffff_ffff_c010_0000L, 0x1000, 1 << 12, 0);
    log(kernel.memory(), LOCKUP);
    return kernel.dump().writeTo(folder.resolve("vmcore"));
  }

  @Test
  void theFirstMinute() throws IOException {
    assertThat(Run.of("crash", withTasks()).lines())
        .startsWith(
            "kind: soft lockup",
            "panic: Kernel panic - not syncing: softlockup: hung tasks",
            "event: watchdog: BUG: soft lockup - CPU#0 stuck for 5s! [waiter:10]",
            "at: busy+0x84 [fxcrash]",
            "CPU: 0",
            "task: waiter:10",
            "guilty: waiter:10, CPU 0: stuck: it ran there, and isn't seen to wait for another",
            "taints: OE",
            "hardware: QEMU Standard PC",
            "uptime: 10.000000 s",
            "out of tree: foreign",
            "in D: blocked:11");
  }

  @Test
  void stacksAndMessages() throws IOException {
    assertThat(Run.of("crash", byLog(LOCKUP)).lines())
        .containsSubsequence(
            "guilty, panicked: waiter:10, CPU 0 (by the log)",
            "#0 panic+0x344",
            "#1 watchdog_timer_fn+0x21b",
            "the last messages:",
            "[ 1.000000] before",
            "[ 2.000000] watchdog: BUG: soft lockup - CPU#0 stuck for 5s! [waiter:10]",
            "[ 2.000000] Kernel panic - not syncing: softlockup: hung tasks");
  }

  @Test
  void whatOnlyTheLogTellsIsSaid() throws IOException {
    Run run = Run.of("crash", byLog(LOCKUP));

    assertThat(run.status()).isZero();
    assertThat(run.err()).contains("tasks, so the log alone tells who ran: ");
  }

  @Test
  void theFirstMinuteAsJson() throws IOException {
    Map<String, Object> json = Run.of("crash", "--json", withTasks()).json();

    assertThat(json).containsEntry("kind", "soft lockup").containsEntry("task", "waiter");
    assertThat(json.get("guilty")).asInstanceOf(MAP).containsEntry("task", "waiter");
    assertThat(json.get("ip")).asInstanceOf(MAP).containsEntry("symbol", "busy");
    assertThat(json.get("fingerprint_of"))
        .isEqualTo(List.of("soft lockup", "busy [fxcrash]", "want [fxcrash]"));
  }

  @Test
  void recursionIsShownOnce() throws IOException {
    String[] lines = new String[30];
    lines[0] = "BUG: stack guard page was hit at 0 (stack is 0..1)";
    lines[1] = "Oops: stack guard page: 0000 [#1]";
    lines[2] = "Call Trace:";
    Arrays.fill(lines, 3, 29, " deep+0x1/0x2");
    lines[29] = " start+0x1/0x2";

    assertThat(Run.of("crash", byLog(lines)).lines())
        .containsSubsequence("#0 deep+0x1", "and 25 times more", "#26 start+0x1");
  }

  @Test
  void aSystemThatRan() throws IOException {
    Path dump = byLog("all is well");
    Run run = Run.of("crash", dump);

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.lines()).startsWith("kind: none");
    assertThat(run.err()).contains("vmcore: " + dump + ": the log tells of no crash");
  }
}
