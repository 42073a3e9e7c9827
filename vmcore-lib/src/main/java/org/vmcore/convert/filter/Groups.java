package org.vmcore.convert.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.vmcore.memory.VmcoreException;

/** Jobs with numbers, done by several threads: each takes the next one that nobody has taken. */
final class Groups {
  private final long count;
  private final AtomicLong taken = new AtomicLong();
  private final AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();

  private Groups(long count) {
    this.count = count;
  }

  /** One thread's work. */
  interface Worker {
    void work(long number) throws VmcoreException;
  }

  /** Gives each thread its worker. */
  interface Workers {
    Worker worker();
  }

  /** Does the jobs below {@code count} in at most {@code threads}, the caller's among them. */
  static void run(long count, int threads, Workers workers) throws VmcoreException {
    Groups groups = new Groups(count);
    List<Thread> others = new ArrayList<>();
    for (long i = 1; i < Math.min(threads, count); i++) {
      Worker worker = workers.worker();
      others.add(Thread.ofPlatform().daemon().start(() -> groups.takeAll(worker)));
    }
    groups.takeAll(workers.worker());
    groups.join(others);
  }

  private void takeAll(Worker worker) {
    try {
      for (long number; failed.get() == null && (number = taken.getAndIncrement()) < count; ) {
        worker.work(number);
      }
    } catch (VmcoreException | RuntimeException | Error e) {
      failed.compareAndSet(null, e);
    }
  }

  private void join(List<Thread> others) throws VmcoreException {
    boolean isInterrupted = false;
    for (Thread each : others) {
      while (each.isAlive()) {
        try {
          each.join();
        } catch (InterruptedException e) {
          isInterrupted = true;
        }
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
    switch (failed.get()) {
      case null -> {}
      case VmcoreException e -> throw e;
      case Error e -> throw e;
      case RuntimeException e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }
}
