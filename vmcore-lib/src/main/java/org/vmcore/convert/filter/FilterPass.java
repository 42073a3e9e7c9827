package org.vmcore.convert.filter;

import java.util.Optional;
import java.util.stream.LongStream;
import org.vmcore.convert.pages.PfnBitmap;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/**
 * One pass over the struct pages of all pages that are kept, by several threads. Each has a group
 * of page frames at a time that is as large as the largest pages are, so that no page reaches out
 * of it.
 */
final class FilterPass {
  private final MemSections sections;
  private final StructPages pages;
  private final long pageSize;
  private final int jobs;
  private final LostMaps lost = new LostMaps();

  FilterPass(MemSections sections, StructPages pages, long pageSize, int jobs) {
    this.sections = sections;
    this.pages = pages;
    this.pageSize = pageSize;
    this.jobs = jobs;
  }

  /** What is done with the pages of a group, by one thread. */
  interface Group extends SectionMaps.Classes {
    /** Called behind the last of them. */
    void end() throws VmcoreException;
  }

  /** Gives each group what is done with its pages. */
  interface Task {
    /** For the page frames from {@code from} to in front of {@code to}. */
    Group group(long from, long to);
  }

  /** Does {@code task} with the pages of {@code kept}. */
  void run(PfnBitmap kept, Task task) throws VmcoreException {
    int bits = Math.max(StructPages.LARGEST_ORDER, sections.pageBits());
    long[] groups = groups(kept, bits);
    Groups.run(groups.length, jobs, () -> worker(kept, bits, groups, task));
  }

  /** The numbers of the groups that have any page: between them may lie far more that have none. */
  private static long[] groups(PfnBitmap kept, int bits) {
    LongStream.Builder groups = LongStream.builder();
    for (long pfn = kept.nextSet(0); pfn < kept.frames(); ) {
      long group = pfn >>> bits;
      groups.add(group);
      pfn = kept.nextSet((group + 1) << bits);
    }
    return groups.build().toArray();
  }

  private Groups.Worker worker(PfnBitmap kept, int bits, long[] groups, Task task) {
    SectionMaps maps = new SectionMaps(sections, pages, kept, pageSize, lost);
    return number -> {
      long from = groups[(int) number] << bits;
      long to = Math.min(kept.frames(), from + (1L << bits));
      Group group = task.group(from, to);
      maps.read(from, to, group);
      group.end();
    };
  }

  /** The pages whose struct pages can't be read. */
  Optional<Finding> lost() {
    return lost.finding();
  }
}
