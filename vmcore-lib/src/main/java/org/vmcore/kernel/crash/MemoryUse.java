package org.vmcore.kernel.crash;

import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.vmcore.kernel.objects.KernelObject;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.tasks.Task;
import org.vmcore.memory.VmcoreException;

/**
 * How much memory processes hold: the counters of their mm. Since 6.2 parts of them lie with the
 * CPUs, which aren't added, so that they are off by a little.
 */
final class MemoryUse {
  /** Counters of an mm's pages: MM_FILEPAGES, MM_ANONPAGES, MM_SWAPENTS, MM_SHMEMPAGES. */
  private static final String[] COUNTERS = {
    "MM_FILEPAGES", "MM_ANONPAGES", "MM_SWAPENTS", "MM_SHMEMPAGES",
  };

  private static final int LAST_COUNTER = 15;

  private final Evidence evidence;
  private final KernelObjects objects;

  MemoryUse(Evidence evidence) {
    this.evidence = evidence;
    this.objects = evidence.objects();
  }

  /** The process that holds most; empty where the types don't tell. */
  Optional<Suspect> largest() throws VmcoreException {
    Optional<Task> largest = Optional.empty();
    long most = 0;
    Set<Long> seen = new HashSet<>();
    for (Task task : evidence.tasks().all()) {
      long pages = task.mm() != 0 && seen.add(task.mm()) ? pages(task.mm()) : 0;
      if (pages > most) {
        most = pages;
        largest = Optional.of(task);
      }
    }
    String why = "holds most memory: " + most + " pages in memory and in swap";
    return largest.isEmpty()
        ? Optional.empty()
        : Optional.of(Suspect.of(largest.get(), why, false));
  }

  private long pages(long mm) {
    long pages = 0;
    try {
      KernelObject object = objects.at(mm, "mm_struct");
      for (String counter : COUNTERS) {
        OptionalLong index = objects.types().enumerator(counter);
        pages += isIndex(index) ? Math.max(0, count(object, index.getAsLong())) : 0;
      }
    } catch (VmcoreException e) {
      return pages;
    }
    return pages;
  }

  /** Whether a kernel's types, which may be damaged, tell of an index that a counter may have. */
  private static boolean isIndex(OptionalLong index) {
    return index.isPresent() && index.getAsLong() >= 0 && index.getAsLong() <= LAST_COUNTER;
  }

  private static long count(KernelObject mm, long index) throws VmcoreException {
    String percpu = "rss_stat[" + index + "].count";
    String plain = "rss_stat.count[" + index + "].counter";
    return mm.has(percpu) ? mm.number(percpu) : mm.number(plain);
  }
}
