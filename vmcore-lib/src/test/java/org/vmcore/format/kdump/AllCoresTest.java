package org.vmcore.format.kdump;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.testing.Reading;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class AllCoresTest {
  private static final int OTHERS = Runtime.getRuntime().availableProcessors() - 1;

  /** Counts what is published. */
  private static class Counting implements AllCores.Worker {
    private final AtomicIntegerArray published;
    private int worked = -1;

    Counting(AtomicIntegerArray published) {
      this.published = published;
    }

    @Override
    public void work(int number, AllCores.Progress progress) {
      worked = number;
    }

    @Override
    public void publish(int number) {
      assertThat(worked).isEqualTo(number);
      published.incrementAndGet(number);
    }

    @Override
    public void close() {
      worked = -1;
    }
  }

  private static void assertEachOnce(int count) {
    AtomicIntegerArray published = new AtomicIntegerArray(count);
    AllCores.run(count, () -> new Counting(published));
    assertAllAreOne(published);
  }

  private static void assertAllAreOne(AtomicIntegerArray published) {
    for (int i = 0; i < published.length(); i++) {
      assertThat(published.get(i)).as("%s of %s", i, published.length()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 8, 9, 257})
  void eachJobIsPublishedOnceBeforeItReturns(int count) {
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
    AtomicIntegerArray published = new AtomicIntegerArray(20);
    AllCores.run(
        20,
        () ->
            new Counting(published) {
              @Override
              public void work(int number, AllCores.Progress progress) {
                assertEachOnce(20);
                super.work(number, progress);
              }
            });
    assertAllAreOne(published);
  }

  @Test
  void whatAnotherThreadIsSlowWithIsDoneWithoutIt() throws Exception {
    AtomicIntegerArray published = new AtomicIntegerArray(64);
    Thread caller = Thread.currentThread();
    CountDownLatch helperWorks = new CountDownLatch(OTHERS);
    CountDownLatch returned = new CountDownLatch(1);
    CountDownLatch helperLeft = new CountDownLatch(OTHERS);
    AllCores.run(
        64,
        () ->
            new Counting(published) {
              @Override
              public void work(int number, AllCores.Progress progress) {
                super.work(number, progress);
                if (Thread.currentThread().equals(caller)) {
                  await(helperWorks);
                } else {
                  helperWorks.countDown();
                  await(returned);
                  assertThat(progress.isDone()).isTrue();
                }
              }

              @Override
              public void close() {
                super.close();
                if (!Thread.currentThread().equals(caller)) {
                  helperLeft.countDown();
                }
              }
            });
    assertAllAreOne(published);
    returned.countDown();
    await(helperLeft);
    assertAllAreOne(published);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void anInterruptedCallerStillWaits() {
    Thread.currentThread().interrupt();
    assertEachOnce(500);
    assertThat(Thread.interrupted()).isTrue();
  }
}
