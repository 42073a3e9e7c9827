package org.vmcore.format.kdump;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.testing.Reading;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class AllCoresTest {
  private static void assertEachOnce(int count) {
    AtomicIntegerArray done = new AtomicIntegerArray(count);
    AllCores.run(count, done::incrementAndGet);
    for (int i = 0; i < count; i++) {
      assertThat(done.get(i)).as("%s of %s", i, count).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 8, 9, 257})
  void eachJobIsDoneOnceBeforeItReturns(int count) {
    for (int round = 0; round < 200; round++) {
      assertEachOnce(count);
    }
  }

  @Test
  void manyCallersDontWaitForEachOther() throws Exception {
    Reading.inThreads(
        () -> {
          for (int round = 0; round < 200; round++) {
            assertEachOnce(50);
          }
          return true;
        });
  }

  @Test
  void jobsMayHaveJobsOfTheirOwn() {
    AllCores.run(20, _ -> assertEachOnce(20));
  }

  @Test
  void anInterruptedCallerStillWaits() {
    Thread.currentThread().interrupt();
    assertEachOnce(500);
    assertThat(Thread.interrupted()).isTrue();
  }
}
