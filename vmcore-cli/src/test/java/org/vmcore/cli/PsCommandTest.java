package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.testing.TasksKernel;

class PsCommandTest {
  @TempDir Path folder;

  private Path dump = Path.of("");

  @BeforeEach
  void makeADump() throws Exception {
    TasksKernel kernel = new TasksKernel();
    long init = kernel.process(1, "init");
    long server = kernel.process(20, "server", init);
    kernel.thread(21, 20, "worker", server);
    kernel.state(kernel.process(3, "kthreadd"), 2, 0);
    dump = kernel.running(1, server).dump().writeTo(folder.resolve("vmcore"));
  }

  @Test
  void tasksAreATable() {
    assertThat(Run.of("ps", "--no-header", dump.toString()).ok().lines())
        .containsExactly(
            "> 0 0 0 0 0xffffffff81030000 R - [swapper/0]",
            "0 0 0 1 0xffffffff81040000 R - [swapper/1]",
            "1 1 0 0 0xffffffff81040200 R - [init]",
            "3 3 0 0 0xffffffff810408c0 D - [kthreadd]",
            "> 20 20 1 1 0xffffffff81040440 R - server");
  }

  @Test
  void threadsAreShownWhenAskedFor() {
    String all = Run.of("ps", "--threads", dump.toString()).ok().out();
    assertThat(all).contains("worker");
    assertThat(Run.of("ps", dump.toString()).ok().out()).doesNotContain("worker");
  }

  @Test
  void aTreeHasChildrenBehindTheirParents() {
    String tree = Run.of("ps", "--tree", "--threads", dump.toString()).ok().out();
    assertThat(tree).contains("  [init]\n", "    server\n", "      [worker]\n");
    assertThat(Run.of("ps", "--tree", "--json", dump.toString()).ok().records("tasks"))
        .filteredOn("comm", "server")
        .extracting("depth")
        .containsExactly(1L);
  }

  @Test
  void statesSelect() {
    assertThat(Run.of("ps", "--no-header", "--state", "D", dump.toString()).ok().lines())
        .singleElement()
        .asString()
        .endsWith("[kthreadd]");
    Run.of("ps", "--state", "Z", dump.toString())
        .fails(1, "vmcore: " + dump + ": no task is in such a state");
  }

  @Test
  void typesThatAreLostAreDamage() throws Exception {
    TasksKernel kernel = new TasksKernel().linked();
    kernel.memory().lostFrom(TasksKernel.BTF);
    Path lost = kernel.bent().writeTo(folder.resolve("lost"));
    for (Run run : List.of(Run.of("ps", lost), Run.of("type", lost, "task_struct"))) {
      assertThat(run.err()).contains("BTF: __start_BTF at 0xffffffff81020000: lost");
      assertThat(run.err()).doesNotContain("there is no BTF");
      assertThat(run.status()).isEqualTo(3);
    }
  }

  @Test
  void jsonHasAllFields() {
    assertThat(Run.of("ps", "--json", dump.toString()).ok().out())
        .contains(
            "{\"pid\":20,\"tgid\":20,\"ppid\":1,\"cpu\":1,\"state\":\"R\",\"comm\":\"server\","
                + "\"address\":\"0xffffffff81040440\",\"running\":true,\"kernel\":false}");
  }
}
