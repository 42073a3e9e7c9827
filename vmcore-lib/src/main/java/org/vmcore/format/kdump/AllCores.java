package org.vmcore.format.kdump;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A number of equal jobs that the calling thread does together with the idle threads of the common
 * pool.
 *
 * <p>It never waits for a thread to get to work: the system may give its core to somebody else at
 * any time, for longer than all of the jobs take. What nobody else takes the caller does; what
 * another thread took and hasn't finished by then the caller does once more. So a job has two
 * halves: the work, which leaves no trace, and its publication, which is done once.
 */
final class AllCores {
  private static final int OTHERS = Runtime.getRuntime().availableProcessors() - 1;
  private static final int SPINS = 1 << 10;
  private static final long NAP = 20_000;

  private static final int FREE = 0;
  private static final int TAKEN = 1;
  private static final int PUBLISHING = 2;
  private static final int DONE = 3;

  private final Jobs jobs;
  private final AtomicIntegerArray states;
  private final AtomicInteger taken = new AtomicInteger();

  private AllCores(int count, Jobs jobs) {
    this.jobs = jobs;
    this.states = new AtomicIntegerArray(count);
  }

  /** What is to be done; asked by each thread that takes part. */
  interface Jobs {
    Worker worker();
  }

  /** One thread's part in it. Neither half of a job should throw. */
  interface Worker extends AutoCloseable {
    /** The first half of job {@code number}: into memory of this worker's own. */
    void work(int number, Progress progress);

    /** The second half, right behind the first and only once for each number. */
    void publish(int number);

    @Override
    void close();
  }

  /** Asked in the middle of a job. */
  interface Progress {
    /** Whether another thread has finished the job meanwhile: it needn't be gone on with. */
    boolean isDone();
  }

  /** What another thread is to do; the pool may keep it for longer than it is of use. */
  private static final class Help implements Runnable {
    private volatile @Nullable AllCores work;

    Help(AllCores work) {
      this.work = work;
    }

    @Override
    public void run() {
      AllCores known = work;
      if (known != null) {
        known.help();
      }
    }

    /** From now on it holds nothing. */
    void forget() {
      work = null;
    }
  }

  /** Does all jobs of the numbers below {@code count}. */
  static void run(int count, Jobs jobs) {
    AllCores work = new AllCores(count, jobs);
    Help help = new Help(work);
    for (int i = Math.min(OTHERS, count - 1); i > 0; i--) {
      ForkJoinPool.commonPool().execute(help);
    }
    try {
      work.runAll();
    } finally {
      help.forget();
    }
  }

  /** Does all jobs of the numbers below {@code count} in this thread: too few for another one. */
  static void runAlone(int count, Jobs jobs) {
    new AllCores(count, jobs).runAll();
  }

  private void runAll() {
    try (Worker worker = jobs.worker()) {
      takeAll(worker);
      for (int number = 0; number < states.length(); number++) {
        if (states.compareAndSet(number, FREE, TAKEN) || states.get(number) == TAKEN) {
          work(worker, number);
        }
      }
    } finally {
      for (int number = 0; number < states.length(); number++) {
        end(number);
      }
    }
  }

  private void help() {
    if (taken.get() < states.length()) {
      try (Worker worker = jobs.worker()) {
        takeAll(worker);
      } catch (RuntimeException | Error e) {
        // What this thread took the caller does, and runs into the same, if it is more than bad
        // luck.
      }
    }
  }

  private void takeAll(Worker worker) {
    for (int number; (number = taken.getAndIncrement()) < states.length(); ) {
      if (states.compareAndSet(number, FREE, TAKEN)) {
        work(worker, number);
      }
    }
  }

  private void work(Worker worker, int number) {
    worker.work(number, () -> states.get(number) >= PUBLISHING);
    if (states.compareAndSet(number, TAKEN, PUBLISHING)) {
      try {
        worker.publish(number);
      } finally {
        states.set(number, DONE);
      }
    }
  }

  /**
   * From now on nobody publishes job {@code number}. Who is at it takes no time, unless it loses
   * its core just then.
   */
  private void end(int number) {
    if (states.compareAndSet(number, FREE, DONE) || states.compareAndSet(number, TAKEN, DONE)) {
      return; // the caller failed
    }
    for (int spins = 0; states.get(number) < DONE; spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(NAP);
      }
    }
  }
}
