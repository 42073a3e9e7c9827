package org.vmcore.convert.filter;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import org.vmcore.Vmcore;
import org.vmcore.convert.essential.EssentialMemory;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/**
 * What {@link EssentialMemory} is, found by a thread of its own: symbols and tasks take as long as
 * the struct pages do.
 */
final class Essentials {
  private static final String CHECK = "essential_memory";

  private final FutureTask<Found> task;
  private boolean isBegun;

  private Essentials(FutureTask<Found> task) {
    this.task = task;
  }

  private record Found(EssentialPages pages, List<Finding> gaps) {
    static Found of(EssentialMemory memory) {
      return new Found(new EssentialPages(memory.ranges()), memory.gaps());
    }
  }

  /**
   * Begins to look for it.
   *
   * @param structPages the virtual addresses of the struct pages, and of what leads to them
   */
  static Essentials find(Vmcore vmcore, Kernel kernel, List<AddressRange> structPages) {
    Essentials begun = findLater(vmcore, kernel, structPages);
    begun.isBegun = true;
    Thread.ofPlatform().daemon().name("essential-memory").start(begun.task);
    return begun;
  }

  /** The same, but nothing is looked for before it is asked for. */
  static Essentials findLater(Vmcore vmcore, Kernel kernel, List<AddressRange> structPages) {
    return new Essentials(
        new FutureTask<>(() -> Found.of(EssentialMemory.of(vmcore, kernel, structPages))));
  }

  /** Whether {@link #pages} needn't wait. */
  boolean areKnown() {
    return task.isDone();
  }

  /** Waits for them; finds them where nobody has begun to. */
  EssentialPages pages() throws VmcoreException {
    return found().pages;
  }

  /** What couldn't be found, of which pages may be left out; waits as {@link #pages} does. */
  Optional<Finding> unprotected() throws VmcoreException {
    List<Finding> gaps = found().gaps;
    String text = gaps.stream().map(Finding::message).collect(Collectors.joining("; "));
    return gaps.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Finding(
                CHECK, Finding.Severity.WARNING, OptionalLong.empty(), "not protected: " + text));
  }

  /** Waits until the dump isn't read any more for it. */
  void await() {
    if (isBegun) {
      try {
        result();
      } catch (ExecutionException e) {
        // Who asks for the pages is told.
      }
    }
  }

  private Found found() throws VmcoreException {
    task.run();
    try {
      return result();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof VmcoreException fault) {
        throw fault;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private Found result() throws ExecutionException {
    boolean isInterrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          isInterrupted = true;
        }
      }
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
