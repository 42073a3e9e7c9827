package org.vmcore.convert.filter;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.vmcore.Vmcore;
import org.vmcore.convert.essential.EssentialMemory;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.AddressRange;

/**
 * What {@link EssentialMemory} is, found by a thread of its own: symbols and tasks take as long as
 * the struct pages do.
 */
final class Essentials {
  private final FutureTask<EssentialPages> found;

  private Essentials(FutureTask<EssentialPages> found) {
    this.found = found;
  }

  /**
   * Begins to look for it.
   *
   * @param structPages the virtual addresses of the struct pages
   */
  static Essentials find(Vmcore vmcore, Kernel kernel, List<AddressRange> structPages) {
    FutureTask<EssentialPages> task = task(vmcore, kernel, structPages);
    Thread.ofPlatform().daemon().name("essential-memory").start(task);
    return new Essentials(task);
  }

  private static FutureTask<EssentialPages> task(
      Vmcore vmcore, Kernel kernel, List<AddressRange> structPages) {
    return new FutureTask<>(
        () -> new EssentialPages(EssentialMemory.of(vmcore, kernel, structPages).ranges()));
  }

  /** The same, but nothing is looked for before {@link #pages} is called. */
  static Essentials findLater(Vmcore vmcore, Kernel kernel, List<AddressRange> structPages) {
    return new Essentials(task(vmcore, kernel, structPages));
  }

  /** Whether {@link #pages} needn't wait. */
  boolean areKnown() {
    return found.isDone();
  }

  /** Waits for them; finds them where nobody has begun to. */
  EssentialPages pages() {
    found.run();
    boolean isInterrupted = false;
    try {
      while (true) {
        try {
          return found.get();
        } catch (InterruptedException e) {
          isInterrupted = true;
        } catch (ExecutionException e) {
          throw new IllegalStateException(e.getCause());
        }
      }
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
