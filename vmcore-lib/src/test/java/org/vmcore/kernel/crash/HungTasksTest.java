package org.vmcore.kernel.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.kernel.oops.Suspects;
import org.vmcore.kernel.oops.TaskName;

class HungTasksTest {
  @TempDir Path folder;

  private final LocksKernel kernel = new LocksKernel();

  private static Suspects blocked(Optional<TaskName> owner, int... pids) {
    List<TaskName> names = new ArrayList<>();
    for (int pid : pids) {
      names.add(new TaskName("t" + pid, pid));
    }
    return new Suspects(OptionalInt.empty(), Optional.empty(), names, owner);
  }

  private Guilty guilty(int... pids) throws Exception {
    return guilty(blocked(Optional.empty(), pids)).orElseThrow();
  }

  private Optional<Guilty> guilty(Suspects suspects) throws Exception {
    return kernel
        .ask(folder.resolve("vmcore"), evidence -> new HungTasks(evidence).guilty(suspects))
        .map(Suspect::guilty);
  }

  private static TaskName t(int pid) {
    return new TaskName("t" + pid, pid);
  }

  @Test
  void theOwnerOfTheMutexThatTheyWaitFor() throws Exception {
    long mutex = kernel.mutex(kernel.task(10, "t10") | 1);
    kernel.wait(mutex, kernel.task(11, "t11"), kernel.task(12, "t12"), kernel.task(13, "t13"));
    Guilty guilty = guilty(12, 11, 13);

    assertThat(guilty.task()).contains(t(10));
    assertThat(guilty.isCertain()).isTrue();
    assertThat(guilty.why())
        .matches("owns the mutex .*0x[0-9a-f]*\\)?, for which t12:12 and 2 more wait");
  }

  @Test
  void theEndOfTheChain() throws Exception {
    long middle = kernel.task(11, "t11");
    kernel.wait(kernel.mutex(middle), kernel.task(12, "t12"));
    kernel.wait(kernel.mutex(kernel.task(10, "t10")), middle);

    assertThat(guilty(12).task()).contains(t(10));
  }

  @Test
  void aDeadlock() throws Exception {
    long one = kernel.task(10, "t10");
    long other = kernel.task(11, "t11");
    kernel.wait(kernel.mutex(one), other);
    kernel.wait(kernel.mutex(other), one);

    assertThat(guilty(10).why()).endsWith("and waits itself for what they hold: a deadlock");
  }

  @Test
  void theOneThatMostWaitFor() throws Exception {
    kernel.wait(kernel.mutex(kernel.task(10, "t10")), kernel.task(11, "t11"));
    long mutex = kernel.mutex(kernel.task(20, "t20"));
    kernel.wait(mutex, kernel.task(21, "t21"), kernel.task(22, "t22"));

    assertThat(guilty(11, 21, 22).task()).contains(t(20));
  }

  @Test
  void theWriterOfASemaphore() throws Exception {
    long semaphore = kernel.semaphore(kernel.task(10, "t10"));
    kernel.waitForSemaphore(semaphore, kernel.task(11, "t11"));
    Guilty guilty = guilty(11);

    assertThat(guilty.task()).contains(t(10));
    assertThat(guilty.why()).startsWith("owns the rw_semaphore ");
    assertThat(guilty.isCertain()).isTrue();
  }

  @Test
  void aReaderOfASemaphoreIsOneOfSeveral() throws Exception {
    long semaphore = kernel.semaphore(kernel.task(10, "t10") | 1);
    kernel.waitForSemaphore(semaphore, kernel.task(11, "t11"));
    Guilty guilty = guilty(11);

    assertThat(guilty.task()).contains(t(10));
    assertThat(guilty.why()).startsWith("was the last to read under the rw_semaphore ");
    assertThat(guilty.isCertain()).isFalse();
  }

  @Test
  void withoutALockThatItWaitsForTheBlockedOneIsNamed() throws Exception {
    long mutex = kernel.mutex(kernel.task(10, "t10"));
    long task = kernel.task(11, "t11");
    kernel.kernel.memory().u64(kernel.stackOf(task) + 0x3000, mutex);
    Guilty guilty = guilty(11);

    assertThat(guilty.task()).contains(t(11));
    assertThat(guilty.why()).contains("no lock was found");
  }

  @Test
  void anotherTasksWaiterOnItsStackIsntItsOwn() throws Exception {
    long task = kernel.task(11, "t11");
    kernel.wait(kernel.mutex(kernel.task(10, "t10")), task);
    kernel.kernel.memory().u64(kernel.stackOf(task) + 0x3110, kernel.task(12, "t12"));

    assertThat(guilty(11).task()).contains(t(11));
  }

  @Test
  void aMutexWithoutOwner() throws Exception {
    kernel.wait(kernel.mutex(0), kernel.task(11, "t11"));

    assertThat(guilty(11).task()).contains(t(11));
  }

  @Test
  void waitersInACircleEnd() throws Exception {
    long one = kernel.task(11, "t11");
    long other = kernel.task(12, "t12");
    long mutex = kernel.mutex(kernel.task(10, "t10"));
    kernel.wait(mutex, other);
    long waiter = kernel.stackOf(other) + 0x3100;
    kernel.kernel.memory().u64(waiter, waiter).u64(kernel.stackOf(one) + 0x3000, mutex);

    assertThat(guilty(11).task()).contains(t(11));
  }

  @Test
  void whomTheLogNames() throws Exception {
    kernel.task(11, "t11");
    kernel.task(10, "t10");
    Guilty guilty = guilty(blocked(Optional.of(t(10)), 11)).orElseThrow();

    assertThat(guilty.task()).contains(t(10));
    assertThat(guilty.why()).contains("as the log says");
  }

  @Test
  void aTaskThatIsntThereAnyMore() throws Exception {
    assertThat(guilty(99).task()).contains(t(99));
    assertThat(guilty(blocked(Optional.empty()))).isEmpty();
  }
}
