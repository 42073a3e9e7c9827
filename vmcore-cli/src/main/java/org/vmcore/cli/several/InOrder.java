package org.vmcore.cli.several;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/**
 * Work on one thing after the other, some of it at a time, whose results are taken in order. One
 * that takes long doesn't stop those behind it, up to a bound.
 */
final class InOrder<R> implements AutoCloseable {
  /** How many are begun for each thread before the first is over. */
  private static final int AHEAD = 16;

  private final ExecutorService threads;
  private final int most;
  private final Deque<Begun<R>> begun = new ArrayDeque<>();

  InOrder(int jobs) {
    threads =
        Executors.newFixedThreadPool(jobs, Thread.ofPlatform().daemon().name("dump-", 0).factory());
    most = jobs * AHEAD;
  }

  /** One that has begun, or waits for a thread. */
  private record Begun<R>(Job<R> job, Future<R> result) {}

  /** Work on one thing. */
  interface Job<R> {
    R run();

    /** All those before it are over. */
    default void first() {}

    /** Nobody waits for it any more. */
    default void forgo() {}
  }

  /** Does jobs 0 to {@code count} − 1, until {@code take} wants no more of them. */
  void run(int count, IntFunction<Job<R>> jobs, Predicate<R> take) {
    int next = 0;
    boolean goesOn = true;
    while (goesOn && (next < count || !begun.isEmpty())) {
      while (next < count && begun.size() < most) {
        Job<R> job = jobs.apply(next++);
        begun.add(new Begun<>(job, threads.submit(job::run)));
      }
      Begun<R> first = begun.remove();
      first.job().first();
      goesOn = take.test(result(first.result()));
    }
  }

  private R result(Future<R> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    begun.forEach(each -> each.job().forgo());
    threads.shutdownNow();
  }
}
