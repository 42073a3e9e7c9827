package org.vmcore.output;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.vmcore.memory.VmcoreException;

/**
 * Writes blocks to a sink, one while the next one is filled: copying by one thread alone is slower
 * than {@code cp}. A block that is mostly empty isn't worth the hand-over: the caller writes it.
 */
final class WriteBehind implements AutoCloseable {
  private final BlockWriter writer;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment first;
  private @Nullable MemorySegment spare;
  private @Nullable ExecutorService thread;
  private @Nullable Future<?> pending;

  /** After a failure nothing more is written: the output would have a gap. */
  private volatile @Nullable VmcoreException failure;

  WriteBehind(BlockWriter writer) {
    this.writer = writer;
    this.first = arena.allocate(Gathering.BLOCK, ZeroPages.SIZE);
  }

  /** The block to fill first. */
  MemorySegment first() {
    return first;
  }

  /**
   * Begins to write the first {@code filled} bytes of {@code block} at byte {@code start} of the
   * output.
   *
   * @return the block to fill next
   * @throws VmcoreException when that, or the write before it, failed
   */
  MemorySegment write(MemorySegment block, int filled, long start) throws VmcoreException {
    await();
    if (filled < Gathering.BLOCK / 4) {
      writeNow(block, filled, start);
      return block;
    }
    MemorySegment next = spare == null ? arena.allocate(Gathering.BLOCK, ZeroPages.SIZE) : spare;
    spare = block;
    pending =
        thread()
            .submit(
                () -> {
                  writeNow(block, filled, start);
                  return null;
                });
    return next;
  }

  private ExecutorService thread() {
    ExecutorService known = thread;
    if (known == null) {
      thread = known = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
    }
    return known;
  }

  /** Waits for the write that was begun last. */
  void await() throws VmcoreException {
    Future<?> begun = pending;
    pending = null;
    try {
      if (begun != null) {
        begun.get();
      }
    } catch (ExecutionException e) {
      failure =
          e.getCause() instanceof VmcoreException cause
              ? cause
              : VmcoreException.of(writer.name(), "cannot write: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failure = VmcoreException.of(writer.name(), "interrupted", e);
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void writeNow(MemorySegment block, int filled, long start) throws VmcoreException {
    try {
      writer.write(block, filled, start);
    } catch (VmcoreException e) {
      failure = e;
      throw e;
    }
  }

  /** Gives up what isn't written. */
  @Override
  public void close() {
    if (thread != null) {
      thread.shutdownNow();
      thread.close();
    }
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
