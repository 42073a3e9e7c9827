package org.vmcore.remoteproc;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Ends dumps that nobody released in time. A test brings one whose time it moves itself. */
@FunctionalInterface
public interface DumpTimer extends AutoCloseable {
  /**
   * Runs {@code task} once {@code delay} has passed.
   *
   * @return what makes it not run, if it hasn't begun
   */
  Runnable after(Duration delay, Runnable task);

  /** Ends the timer's threads, if it has any. No task begins afterwards. */
  @Override
  default void close() {}

  /** By the system's clock, with a daemon thread; a task has a thread of its own. */
  static DumpTimer ofSystem() {
    ScheduledThreadPoolExecutor clock =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("devcoredump-timer").factory());
    clock.setRemoveOnCancelPolicy(true);
    clock.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    clock.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return new DumpTimer() {
      @Override
      public Runnable after(Duration delay, Runnable task) {
        ScheduledFuture<?> due =
            clock.schedule(
                () -> Thread.startVirtualThread(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> due.cancel(false);
      }

      @Override
      public void close() {
        clock.shutdownNow();
      }
    };
  }
}
