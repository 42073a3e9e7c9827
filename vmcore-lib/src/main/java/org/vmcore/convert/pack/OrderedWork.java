package org.vmcore.convert.pack;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vmcore.memory.VmcoreException;

/**
 * Pieces that several threads work on, and that are delivered one by one in ascending order.
 *
 * <p>No thread is kept for the delivery, and none waits for its turn: who has finished a piece
 * takes the next one, and who has finished the piece that is due delivers it, and all behind it
 * that are ready. A thread that loses its core in the middle of a piece holds up the delivery, not
 * the work: the others go on as far as there is memory for outcomes.
 *
 * @param <P> the memory that one piece takes, input and outcome; used again for others
 */
public final class OrderedWork<P> {
  /** Outcomes for each thread: as long as a thread may be without its core. */
  private static final int AHEAD = 6;

  private final Steps<P> steps;
  private final long count;
  private final int most;

  /** Those that nobody uses, the one used last on top: it is in the cache. */
  private final Deque<P> idle = new ArrayDeque<>();

  private final Map<Long, P> ready = new HashMap<>();

  /** All that was made. */
  private final List<P> all = new ArrayList<>();

  private long next;
  private long due;
  private boolean isDelivering;
  private @Nullable Throwable failure;

  private OrderedWork(int threads, long count, Steps<P> steps) {
    this.steps = steps;
    this.count = count;
    this.most = threads == 1 ? 1 : threads * AHEAD;
  }

  /** What is done with the pieces. */
  public interface Steps<P> {
    /** Memory for a piece. */
    P make();

    /** Works on piece {@code number}; several threads do it at once, each on another piece. */
    void work(long number, P piece) throws VmcoreException;

    /** Delivers piece {@code number}: in ascending order, by one thread at a time. */
    void deliver(long number, P piece) throws VmcoreException;

    /** Frees what was made. */
    default void free(P piece) {}
  }

  /**
   * How many threads have room.
   *
   * @param jobs how many there may be
   * @param room bytes of all of their pieces
   * @param piece bytes of one piece
   * @param thread bytes that each thread needs besides
   */
  public static int threads(int jobs, long room, long piece, long thread) {
    return Math.clamp(room / (AHEAD * piece + thread), 1, jobs);
  }

  /**
   * Works on the pieces of numbers 0 to in front of {@code count}, and delivers them.
   *
   * @param jobs how many threads work on them, the calling one among them
   * @throws VmcoreException the first that a step throws; no step is under way any more
   */
  public static <P> void run(int jobs, long count, Steps<P> steps) throws VmcoreException {
    int threads = Math.clamp(count, 1, jobs);
    new OrderedWork<>(threads, count, steps).run(threads);
  }

  private void run(int threads) throws VmcoreException {
    List<Thread> others = new ArrayList<>();
    for (int i = 1; i < threads; i++) {
      others.add(Thread.ofPlatform().daemon().name("vmcore-job-" + i).start(this::workOn));
    }
    workOn();
    others.forEach(OrderedWork::await);
    all.forEach(steps::free);
    rethrow();
  }

  private static void await(Thread thread) {
    boolean wasInterrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        wasInterrupted = true;
      }
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void rethrow() throws VmcoreException {
    switch (failure) {
      case null -> {}
      case VmcoreException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new AssertionError(failure);
    }
  }

  /** A piece's number and its memory. */
  private record Taken<P>(long number, P piece) {}

  private void workOn() {
    try {
      for (Taken<P> taken = take(); taken != null; taken = take()) {
        steps.work(taken.number(), taken.piece());
        deliver(taken);
      }
    } catch (VmcoreException | RuntimeException | Error e) {
      fail(e);
    }
  }

  /** The next piece; waits until there is memory for it; null when there is nothing to do. */
  private synchronized @Nullable Taken<P> take() {
    awaitMemory();
    if (failure != null || next == count) {
      return null;
    }
    P piece = idle.isEmpty() ? make() : idle.pop();
    return new Taken<>(next++, piece);
  }

  private P make() {
    P piece = steps.make();
    all.add(piece);
    return piece;
  }

  private synchronized void awaitMemory() {
    try {
      while (failure == null && next < count && idle.isEmpty() && all.size() == most) {
        wait();
      }
    } catch (InterruptedException e) {
      // Told to stop: as if something had failed, the steps that are under way are the last.
      Thread.currentThread().interrupt();
      fail(new IllegalStateException("interrupted", e));
    }
  }

  /** Delivers what is due, if nobody is at it. */
  private void deliver(Taken<P> taken) throws VmcoreException {
    put(taken);
    for (Taken<P> first = takeDue(); first != null; first = takeDue()) {
      steps.deliver(first.number(), first.piece());
      delivered(first);
    }
  }

  private synchronized void put(Taken<P> taken) {
    ready.put(taken.number(), taken.piece());
  }

  private synchronized @Nullable Taken<P> takeDue() {
    P piece = isDelivering || failure != null ? null : ready.remove(due);
    if (piece == null) {
      return null;
    }
    isDelivering = true;
    return new Taken<>(due, piece);
  }

  private synchronized void delivered(Taken<P> taken) {
    isDelivering = false;
    due++;
    idle.push(taken.piece());
    notify();
  }

  private synchronized void fail(Throwable e) {
    if (failure == null) {
      failure = e;
    }
    notifyAll();
  }
}
