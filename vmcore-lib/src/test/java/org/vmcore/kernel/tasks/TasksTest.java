package org.vmcore.kernel.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.vmcore.testing.TasksKernel.INIT_TASK;
import static org.vmcore.testing.TasksKernel.TASKS;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.tasks.Task.Found;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.KernelDump;
import org.vmcore.testing.TasksKernel;

class TasksTest {
  private static final long POISON = 0x6b6b_6b6b_6b6b_6b6bL;

  @TempDir Path folder;

  private final TasksKernel kernel = new TasksKernel();

  /** What is asked of a kernel's tasks. */
  private interface Question<T> {
    T ask(Tasks tasks) throws VmcoreException;
  }

  private <T> T ask(DumpBuilder dump, Question<T> question) throws Exception {
    try (Vmcore vmcore = Vmcore.open(dump.writeTo(folder.resolve("vmcore")))) {
      return question.ask(Kernel.of(vmcore).tasks());
    }
  }

  private List<Task> tasks(DumpBuilder dump) throws Exception {
    return ask(dump, Tasks::all);
  }

  private List<String> gaps(DumpBuilder dump) throws Exception {
    return ask(
        dump,
        tasks -> {
          assertThat(tasks.all()).isNotEmpty();
          return tasks.gaps().stream().map(Finding::message).toList();
        });
  }

  @Test
  void tasksAreInTheOrderOfTheirPidsBehindTheIdleOnes() throws Exception {
    long init = kernel.process(1, "init");
    kernel.process(70, "late");
    kernel.process(7, "child", init);
    assertThat(tasks(kernel.dump()))
        .extracting(Task::pid, Task::ppid, Task::comm, Task::found)
        .containsExactly(
            tuple(0, 0, "swapper/0", Found.CPU),
            tuple(0, 0, "swapper/1", Found.CPU),
            tuple(1, 0, "init", Found.EVERYWHERE),
            tuple(7, 1, "child", Found.EVERYWHERE),
            tuple(70, 0, "late", Found.EVERYWHERE));
  }

  @Test
  void whatACpuRanIsRunning() throws Exception {
    long init = kernel.process(1, "init");
    DumpBuilder dump = kernel.running(1, init).dump();
    assertThat(tasks(dump))
        .filteredOn(Task::isRunning)
        .extracting(Task::address, task -> task.cpu().orElse(-1))
        .containsExactly(tuple(INIT_TASK, 0), tuple(init, 1));
    assertThat(ask(dump, tasks -> tasks.current(1)).orElseThrow().address()).isEqualTo(init);
    assertThat(ask(dump, tasks -> tasks.crashed()).orElseThrow().address()).isEqualTo(INIT_TASK);
  }

  @Test
  void statesHaveTheLettersOfPs() throws Exception {
    int[] states = {0, 1, 2, 4, 8, 0x402, 0x40, 0x2001, 0};
    int[] exits = {0, 0, 0, 0, 0, 0, 0, 0, 0x20};
    for (int i = 0; i < states.length; i++) {
      kernel.state(kernel.process(i + 1, "t" + i), states[i], exits[i]);
    }
    assertThat(tasks(kernel.dump()).subList(2, 11))
        .extracting(Task::state)
        .containsExactly('R', 'S', 'D', 'T', 't', 'I', 'P', 'S', 'Z');
  }

  @Test
  void threadsAreFoundBothWays() throws Exception {
    long leader = kernel.process(5, "server");
    long thread = kernel.thread(6, 5, "worker", leader);
    List<Task> all = tasks(kernel.dump());
    assertThat(all)
        .filteredOn(Task::isThread)
        .extracting(Task::address, Task::tgid, Task::found)
        .containsExactly(tuple(thread, 5, Found.EVERYWHERE));
  }

  @Test
  void aTornListLosesNobody() throws Exception {
    kernel.process(1, "init");
    long torn = kernel.process(2, "torn");
    kernel.process(3, "behind");
    kernel.process(4, "last");
    kernel.linked().memory().u64(torn + TASKS, POISON);
    assertThat(tasks(kernel.bent()))
        .filteredOn(task -> task.pid() > 0)
        .extracting(Task::pid, Task::found)
        .containsExactly(
            tuple(1, Found.EVERYWHERE),
            tuple(2, Found.EVERYWHERE),
            tuple(3, Found.PID_TABLE),
            tuple(4, Found.PID_TABLE));
    assertThat(gaps(kernel.bent()))
        .singleElement()
        .asString()
        .startsWith("the list of tasks breaks off after 2 nodes: node behind task 0xffffffff8");
  }

  @Test
  void whatLiesBehindATearIsFoundFromTheEndOfTheList() throws Exception {
    kernel.process(1, "init");
    long torn = kernel.process(2, "torn");
    kernel.process(3, "behind");
    kernel.withoutPid(2).linked().memory().u64(torn + TASKS, POISON);
    assertThat(tasks(kernel.bent()))
        .filteredOn(task -> task.pid() == 3)
        .extracting(Task::comm, Task::found)
        .containsExactly(tuple("behind", Found.LIST));
  }

  @Test
  void aPieceBetweenTwoTearsIsFoundFromWhomTheTableHasOfIt() throws Exception {
    kernel.process(1, "init");
    long torn = kernel.process(2, "torn");
    kernel.process(3, "left");
    kernel.process(4, "middle");
    kernel.process(5, "right");
    long last = kernel.process(6, "last");
    kernel.withoutPid(2).withoutPid(4).linked();
    kernel.memory().u64(torn + TASKS, POISON).u64(last + TASKS + 8, POISON);
    assertThat(tasks(kernel.bent()))
        .filteredOn(task -> task.pid() > 2)
        .extracting(Task::comm, Task::found)
        .containsExactly(
            tuple("left", Found.LIST),
            tuple("middle", Found.PID_TABLE),
            tuple("right", Found.LIST),
            tuple("last", Found.PID_TABLE));
  }

  @Test
  void whatTheTableOfPidsLacksIsMarked() throws Exception {
    kernel.process(1, "init");
    kernel.process(2, "hidden");
    assertThat(tasks(kernel.withoutPid(1).dump()))
        .filteredOn(task -> task.found() == Found.LIST)
        .extracting(Task::comm)
        .containsExactly("hidden");
  }

  @Test
  void aListThatLeadsIntoItselfEnds() throws Exception {
    long first = kernel.process(1, "init");
    long second = kernel.process(2, "second");
    kernel.linked().memory().u64(second + TASKS, first + TASKS);
    assertThat(tasks(kernel.bent())).hasSize(4);
    assertThat(gaps(kernel.bent())).singleElement().asString().contains("doesn't lead back");
  }

  @Test
  void aTaskThatCantBeReadIsToldOf() throws Exception {
    kernel.process(1, "init");
    kernel.linked().memory().u64(INIT_TASK + TASKS + 8, POISON).u64(INIT_TASK + TASKS, POISON);
    assertThat(tasks(kernel.bent())).filteredOn(task -> task.pid() == 1).hasSize(1);
  }

  @Test
  void whatIsLostIsAnError() throws Exception {
    kernel.process(1, "init");
    long lost = kernel.process(2, "lost");
    kernel.memory().lostFrom(lost);
    List<Finding> gaps =
        ask(
            kernel.dump(),
            tasks -> {
              assertThat(tasks.all()).extracting(Task::pid).contains(1).doesNotContain(2);
              return tasks.gaps();
            });
    assertThat(gaps)
        .filteredOn(gap -> gap.message().startsWith("the list of tasks breaks off after 1 nodes"))
        .extracting(Finding::severity)
        .containsExactly(Finding.Severity.ERROR);
  }

  @Test
  void withoutTypesItIsSaid() throws Exception {
    kernel.process(1, "init");
    kernel.memory().bytes(KernelDump.BASE + 0x2_0000, new byte[64]);
    assertThatThrownBy(() -> tasks(kernel.dump()))
        .isInstanceOf(VmcoreException.class)
        .hasMessageContaining("nothing tells of the kernel's member task_struct.");
  }
}
