package org.vmcore.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The sample of a kernel that really crashed tells what other readers found in the whole dump: log
 * by vmcore-dmesg, tasks and stacks by drgn, the cause by who made it crash.
 */
class CrashedSampleTest {
  private static final Path SAMPLE = Contract.FOLDER.resolveSibling("samples/dumps/crashed.kdump");

  private static byte[] truth(String name) throws IOException {
    try (InputStream in = CrashedSampleTest.class.getResourceAsStream("crashed/" + name)) {
      assertThat(in).as(name).isNotNull();
      return in.readAllBytes();
    }
  }

  private static List<String> lines(String name) throws IOException {
    return new String(truth(name), UTF_8).lines().toList();
  }

  @Test
  void theCrashIsTheOneThatWasMade() {
    Map<String, Object> crash = Run.of("crash", "--json", SAMPLE).ok().json();

    assertThat(crash)
        .containsEntry("kind", "soft lockup")
        .containsEntry("panic", "Kernel panic - not syncing: softlockup: hung tasks")
        .containsEntry("cpu", 2L)
        .containsEntry("pid", 298L)
        .containsEntry("task", "fx-waiter")
        .containsEntry("taints", "OEL")
        .containsEntry("warnings", List.of());
    assertThat(JsonText.member(crash, "guilty"))
        .containsEntry("cpu", 1L)
        .containsEntry("pid", 296L)
        .containsEntry("task", "fx-holder");
    assertThat(JsonText.member(crash, "guilty").get("why").toString())
        .contains("fx_spin (0xffffffffc021f6c0)");
    assertThat(JsonText.member(crash, "ip"))
        .containsEntry("symbol", "native_queued_spin_lock_slowpath")
        .containsEntry("offset", "0x84");
  }

  @Test
  void theLogIsThatOfVmcoreDmesg() throws IOException {
    assertThat(Run.of("log", SAMPLE).ok().bytes()).isEqualTo(truth("vmcore-dmesg.txt"));
  }

  /** The panic's time is VMCOREINFO's CRASHTIME, which the kernel took when it crashed. */
  @Test
  void theTimeOfThePanicIsTheCrashTime() {
    assertThat(Run.of("info", SAMPLE).ok().out()).contains("crash time:    2026-11-28T19:10:04Z");
    assertThat(Run.of("log", "-T", "--level", "emerg", SAMPLE).ok().lines())
        .last()
        .asString()
        .matches("\\[2026-11-28T19:10:04\\.6\\d{5}Z] Kernel panic - not syncing: softlockup: .*");
  }

  @Test
  void theTroubleBeginsWithTheLockup() {
    List<String> lines = Run.of("log", "--follow-panic", SAMPLE).ok().lines();

    assertThat(lines.getFirst())
        .isEqualTo("[ 36.569197] watchdog: BUG: soft lockup - CPU#2 stuck for 5s! [fx-waiter:298]");
    assertThat(lines.getLast()).isEqualTo("[ 36.764229] </TASK>");
  }

  /** Address, pid, tgid, ppid, state, CPU, name. */
  @Test
  void tasksAreThoseOfDrgn() throws IOException {
    List<String> tasks = new ArrayList<>();
    for (Map<String, Object> task :
        Run.of("ps", "--threads", "--json", SAMPLE).ok().records("tasks")) {
      tasks.add(
          String.join(
              " ",
              List.of("address", "pid", "tgid", "ppid", "state", "cpu", "comm").stream()
                  .map(field -> task.get(field).toString())
                  .toList()));
    }

    assertThat(tasks).containsExactlyInAnyOrderElementsOf(lines("tasks.txt"));
  }

  /** The task's address, and the frames' addresses without what is inlined. */
  @Test
  void stacksAreThoseOfDrgn() throws IOException {
    List<String> stacks = new ArrayList<>();
    for (Map<String, Object> stack :
        Run.of("bt", "--all", "--json", SAMPLE).ok().records("stacks")) {
      StringBuilder line = new StringBuilder(stack.get("task").toString());
      for (Map<String, Object> frame : JsonText.objects(stack, "frames")) {
        line.append(' ').append(frame.get("address"));
      }
      stacks.add(line.toString());
    }

    assertThat(stacks).containsExactlyInAnyOrderElementsOf(lines("stacks.txt"));
  }

  @Test
  void modulesAreThoseOfDrgn() {
    assertThat(Run.of("modules", "--json", SAMPLE).ok().records("modules"))
        .extracting(each -> each.get("name") + " " + each.get("address") + " " + each.get("base"))
        .containsExactly(
            "fxcrash 0xffffffffc021f1c0 0xffffffffc021d000",
            "qemu_fw_cfg 0xffffffffc0216340 0xffffffffc0214000",
            "virtio_blk 0xffffffffc020c5c0 0xffffffffc0208000",
            "virtio_mmio 0xffffffffc0203200 0xffffffffc0201000");
  }

  @Test
  void infoWarnsOfNothingAndLacksNothing() {
    Run info = Run.of("info", SAMPLE).ok();

    assertThat(info.out()).doesNotContain("none", "warning:").contains("6.12.117+deb12");
    assertThat(Run.of("verify", SAMPLE).ok().lines()).contains("ok: 0 errors, 0 warnings");
  }

  /** What a reader of the README may try. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "type task_struct",
        "type task_struct init_task",
        "type task_struct 0xffff88800fb3a100",
        "type rq runqueues --cpu 3",
        "list modules --type module --member list --show name,state",
        "list init_task --type task_struct --member tasks --show pid,comm",
        "translate fx_spin_hold",
        "translate 0xffffc9000061bc50",
        "read --virt 0xffffffffc021d160 --length 64",
        "read --symbol linux_banner --length 64",
        "symbol fx_*",
        "notes",
        "vmcoreinfo",
        "segments",
        "chunks",
        "pages",
        "bt --all-cpus",
      })
  void itAnswers(String line) {
    List<Object> words = new ArrayList<>(List.of((Object[]) line.split(" ", -1)));
    words.add(1, SAMPLE);

    assertThat(Run.of(words.toArray()).ok().out()).isNotEmpty();
  }
}
