package org.vmcore.output;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.vmcore.memory.VmcoreException;

/**
 * Parts of an output that are written in any order, by the thread that has them to write and by
 * others, of which there is one for each further processor. When these have enough to do, it writes
 * one itself: so all processors are busy, and little waits in memory.
 */
final class Parts implements AutoCloseable {
  /** More threads wait for each other: a file has one writer at a time. */
  private static final int MOST_THREADS = 4;

  private final BlockWriter writer;
  private final int others;

  /** One for each part that may be under way in other threads, or wait for one. */
  private final Semaphore permits;

  private final Arena arena = Arena.ofShared();
  private final ArrayDeque<MemorySegment> blocks = new ArrayDeque<>();
  private @Nullable ExecutorService threads;

  /** What went wrong in the part nearest to the output's start. */
  private @Nullable Throwable failure;

  private long failedAt;
  private boolean closed;

  Parts(BlockWriter writer) {
    this(writer, Math.min(Runtime.getRuntime().availableProcessors(), MOST_THREADS) - 1);
  }

  /** Parts for the thread that adds them, and {@code others}. */
  Parts(BlockWriter writer, int others) {
    this.writer = writer;
    this.others = others;
    this.permits = new Semaphore(2 * others);
  }

  /**
   * Lets {@code part} append the {@code size} bytes that belong at byte {@code start} of the
   * output.
   */
  void add(long start, long size, Appender.PartWriter part) throws VmcoreException {
    if (permits.tryAcquire()) {
      threads()
          .execute(
              () -> {
                run(start, size, part);
                permits.release();
              });
    } else {
      run(start, size, part);
    }
    throwFailure();
  }

  private ExecutorService threads() {
    ExecutorService known = threads;
    if (known == null) {
      threads =
          known = Executors.newFixedThreadPool(others, Thread.ofPlatform().daemon().factory());
    }
    return known;
  }

  /** Waits for all parts. */
  void await() throws VmcoreException {
    if (threads != null) {
      try {
        permits.acquire(2 * others);
        permits.release(2 * others);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw VmcoreException.of(writer.name(), "interrupted", e);
      }
    }
    throwFailure();
  }

  @SuppressWarnings("IllegalCatch") // all that a thread fails with is told by the one that waits
  private void run(long start, long size, Appender.PartWriter part) {
    @Nullable MemorySegment block = null;
    try {
      block = block();
      if (block != null) {
        write(start, size, part, block);
      }
    } catch (Throwable e) {
      fail(start, e);
    } finally {
      if (block != null) {
        giveBack(block);
      }
    }
  }

  private void write(long start, long size, Appender.PartWriter part, MemorySegment block)
      throws VmcoreException {
    Gathering bytes =
        new Gathering(
            true,
            start,
            block,
            (full, filled, at) -> {
              writer.write(full, filled, at);
              return full;
            });
    part.write(bytes, size);
    bytes.flush();
  }

  /** A block for the thread to fill; null when nothing more is to be written. */
  private synchronized @Nullable MemorySegment block() {
    if (failure != null || closed) {
      return null;
    }
    MemorySegment spare = blocks.poll();
    return spare != null ? spare : arena.allocate(Gathering.BLOCK, ZeroPages.SIZE);
  }

  private synchronized void giveBack(MemorySegment block) {
    blocks.push(block);
  }

  private synchronized void fail(long start, Throwable e) {
    if (failure == null || start < failedAt) {
      failure = e;
      failedAt = start;
    }
  }

  private synchronized void throwFailure() throws VmcoreException {
    switch (failure) {
      case null -> {}
      case VmcoreException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new AssertionError("a part throws no other", e);
    }
  }

  /** Gives up what isn't begun, and waits for what is. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    if (threads != null) {
      threads.close();
    }
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
