package org.vmcore.convert.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.memory.VmcoreException;

class OrderedWorkTest {
  private final List<Long> delivered = new ArrayList<>();
  private final AtomicInteger made = new AtomicInteger();
  private final AtomicInteger freed = new AtomicInteger();

  /** Pieces that hold the square of their number. */
  private class Squares implements OrderedWork.Steps<long[]> {
    @Override
    public long[] make() {
      made.incrementAndGet();
      return new long[1];
    }

    @Override
    public void work(long number, long[] piece) throws VmcoreException {
      piece[0] = number * number;
    }

    @Override
    public void deliver(long number, long[] piece) throws VmcoreException {
      assertThat(piece[0]).isEqualTo(number * number);
      delivered.add(number);
    }

    @Override
    public void free(long[] piece) {
      freed.incrementAndGet();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 16})
  void everyPieceIsDeliveredInOrder(int jobs) throws VmcoreException {
    OrderedWork.run(jobs, 5000, new Squares());

    assertThat(delivered).containsExactlyElementsOf(LongStream.range(0, 5000).boxed().toList());
    assertThat(freed).hasValue(made.get());
  }

  @Test
  void asManyThreadsAsThereIsRoomFor() {
    assertThat(OrderedWork.threads(1024, 64 << 20, 1 << 18, 0)).isEqualTo(42);
    assertThat(OrderedWork.threads(1024, 64 << 20, 1 << 18, 1 << 22)).isEqualTo(11);
    assertThat(OrderedWork.threads(2, 64 << 20, 1 << 18, 0)).isEqualTo(2);
    assertThat(OrderedWork.threads(8, 1 << 20, 64 << 20, 0)).isEqualTo(1);
  }

  @Test
  void nothingToDo() throws VmcoreException {
    OrderedWork.run(4, 0, new Squares());

    assertThat(delivered).isEmpty();
  }

  @Test
  void aSlowPieceHoldsUpNoOtherOne() throws VmcoreException {
    CountDownLatch others = new CountDownLatch(3);

    OrderedWork.run(
        2,
        8,
        new Squares() {
          @Override
          public void work(long number, long[] piece) throws VmcoreException {
            super.work(number, piece);
            if (number == 0) {
              await(others);
            } else {
              others.countDown();
            }
          }
        });

    assertThat(delivered).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
  }

  private static void await(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      LockSupport.parkNanos(1000);
    }
  }

  @Test
  void memoryHasABound() throws VmcoreException {
    OrderedWork.run(
        2,
        1000,
        new Squares() {
          @Override
          public void deliver(long number, long[] piece) throws VmcoreException {
            LockSupport.parkNanos(10_000);
            super.deliver(number, piece);
          }
        });

    assertThat(delivered).hasSize(1000);
    assertThat(made.get()).isLessThanOrEqualTo(12);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void theFirstFailureEndsIt(int jobs) {
    Set<Long> worked = ConcurrentHashMap.newKeySet();
    Squares failing =
        new Squares() {
          @Override
          public void work(long number, long[] piece) throws VmcoreException {
            worked.add(number);
            if (number == 100) {
              throw VmcoreException.of("vmcore", "page 100");
            }
            super.work(number, piece);
          }
        };

    assertThatThrownBy(() -> OrderedWork.run(jobs, 1_000_000, failing))
        .isInstanceOf(VmcoreException.class)
        .hasMessage("vmcore: page 100");
    assertThat(worked.size()).isLessThan(1000);
    assertThat(delivered).allMatch(number -> number < 100);
    assertThat(freed).hasValue(made.get());
  }

  @Test
  void aFailureOfTheDeliveryEndsIt() {
    assertThatThrownBy(
            () ->
                OrderedWork.run(
                    3,
                    1_000_000,
                    new Squares() {
                      @Override
                      public void deliver(long number, long[] piece) throws VmcoreException {
                        if (number == 10) {
                          throw VmcoreException.of("out", "no space left");
                        }
                        super.deliver(number, piece);
                      }
                    }))
        .hasMessage("out: no space left");
    assertThat(delivered).hasSize(10);
  }
}
