package org.vmcore.remoteproc.collect;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.vmcore.remoteproc.Devcoredump;

/** The dumps that are being read, each by a thread of its own: one that stalls stops no other. */
final class Readers {
  /** How long one that is given up may take to end: it deletes its file. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(2);

  private static final long TICK = TimeUnit.MILLISECONDS.toNanos(500);

  private final DevcoredumpCollector collector;
  private final CollectListener listener;
  private final Map<String, Thread> threads = new HashMap<>();
  private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
  private final AtomicLong bytes = new AtomicLong();

  /** One of these two is there. */
  private record Ended(String name, @Nullable CollectedDump dump, @Nullable Throwable thrown) {}

  Readers(DevcoredumpCollector collector, CollectListener listener) {
    this.collector = collector;
    this.listener = listener;
  }

  boolean isEmpty() {
    return threads.isEmpty();
  }

  /** Starts to read {@code dump}, unless it is being read. */
  void start(Devcoredump dump) {
    String name = dump.name();
    if (!threads.containsKey(name)) {
      // A process that is to end doesn't wait for a device that says nothing.
      Thread thread =
          Thread.ofPlatform().name("collect " + name).daemon().unstarted(() -> read(name, dump));
      threads.put(name, thread);
      thread.start();
    }
  }

  private void read(String name, Devcoredump dump) {
    try {
      ended.add(new Ended(name, collector.collect(dump, bytes::addAndGet), null));
    } catch (RuntimeException | Error e) {
      ended.add(new Ended(name, null, e));
    }
  }

  /**
   * The next dump of which all is done; empty when that takes longer than {@code nanos}, or than
   * half a second. The listener is told of the progress.
   */
  Optional<CollectedDump> next(long nanos) throws InterruptedException {
    boolean wasReading = !isEmpty();
    Ended next = ended.poll(Math.min(nanos, TICK), TimeUnit.NANOSECONDS);
    if (next != null) {
      threads.remove(next.name());
    }
    if (wasReading) {
      listener.progress(threads.size(), bytes.get());
    }
    if (next == null) {
      return Optional.empty();
    }
    rethrow(next.thrown());
    return Optional.ofNullable(next.dump());
  }

  private static void rethrow(@Nullable Throwable thrown) {
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
  }

  /** Gives up what is still being read, and waits a little until it is given up. */
  void abandon() {
    threads.values().forEach(Thread::interrupt);
    boolean wasInterrupted = Thread.interrupted();
    long end = System.nanoTime() + PATIENCE;
    for (Thread each : threads.values()) {
      try {
        each.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
      } catch (InterruptedException e) {
        wasInterrupted = true;
        break;
      }
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
