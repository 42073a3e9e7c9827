package org.vmcore.format.kdump;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A number of equal jobs that the calling thread does together with the idle threads of the common
 * pool. It never waits for a thread to become free: what nobody else takes the caller does.
 */
final class AllCores {
  private static final int OTHERS = Runtime.getRuntime().availableProcessors() - 1;

  /** How many jobs are taken at once. */
  private static final int SHARE = 4;

  private static final int SPINS = 1 << 12;
  private static final long NAP = 20_000;

  private final Job job;
  private final int count;
  private final AtomicInteger taken = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();

  private AllCores(int count, Job job) {
    this.count = count;
    this.job = job;
  }

  /** A job; it must not throw. */
  interface Job {
    void run(int number);
  }

  /** Does {@code job} for all numbers below {@code count}. */
  static void run(int count, Job job) {
    new AllCores(count, job).run();
  }

  private void run() {
    int helpers = Math.min(OTHERS, (count - 1) / SHARE);
    for (int i = 0; i < helpers; i++) {
      ForkJoinPool.commonPool().execute(this::work);
    }
    work();
    for (int spins = 0; done.get() < count; spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(NAP);
      }
    }
  }

  private void work() {
    for (int from; (from = taken.getAndAdd(SHARE)) < count; ) {
      int to = Math.min(from + SHARE, count);
      try {
        for (int i = from; i < to; i++) {
          job.run(i);
        }
      } finally {
        done.addAndGet(to - from);
      }
    }
  }
}
