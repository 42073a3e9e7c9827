package org.vmcore.convert.filter;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.vmcore.Vmcore;
import org.vmcore.convert.level.DumpLevel;
import org.vmcore.convert.level.PageTally;
import org.vmcore.convert.pages.PfnBitmap;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.Finding;
import org.vmcore.memory.PageState;
import org.vmcore.testing.StructPagesKernel;

/**
 * What a filter does with a dump.
 *
 * @param left the pages left out, those from {@link StructPagesKernel#FIRST} on counted from there:
 *     {@code 3-7} without the last, {@code 9}
 * @param unprotected what it says of essential memory that it couldn't find
 */
record FilterCase(
    PageTally tally, List<String> left, List<Finding> findings, List<Finding> unprotected) {

  /** Applies a level to the dump in {@code file}. */
  static FilterCase of(Path file, int level) throws IOException {
    try (Vmcore vmcore = Vmcore.open(file);
        PfnBitmap all = present(vmcore);
        PfnBitmap kept = present(vmcore)) {
      PageFilter filter = PageFilter.of(vmcore, Kernel.of(vmcore), new DumpLevel(level), 2);
      PageTally tally = filter.apply(kept);
      return new FilterCase(tally, gone(all, kept), told(filter, false), told(filter, true));
    }
  }

  /** Of {@code filter}'s findings those of memory that isn't protected, or all others. */
  static List<Finding> told(PageFilter filter, boolean isUnprotected) {
    return filter.findings().stream()
        .filter(each -> each.message().startsWith("not protected: ") == isUnprotected)
        .toList();
  }

  static FilterCase of(Path folder, StructPagesKernel kernel, int level) throws IOException {
    return of(kernel.dump().writeTo(folder.resolve("vmcore")), level);
  }

  /** The pages that are present. */
  static PfnBitmap present(Vmcore vmcore) throws IOException {
    long[] frames = {0};
    vmcore.pages(each -> frames[0] = each.pfn() + each.count());
    PfnBitmap set = PfnBitmap.of(frames[0], Path.of("."));
    vmcore.pages(
        each -> {
          if (each.state() == PageState.PRESENT) {
            set.set(each.pfn(), each.pfn() + each.count());
          }
        });
    return set;
  }

  private static List<String> gone(PfnBitmap all, PfnBitmap kept) {
    List<String> gone = new ArrayList<>();
    for (long pfn = all.nextSet(0); pfn < all.frames(); pfn = all.nextSet(pfn)) {
      long end = pfn;
      while (end < all.frames() && all.get(end) && !kept.get(end)) {
        end++;
      }
      if (end > pfn) {
        long from = pfn - StructPagesKernel.FIRST;
        long to = end - StructPagesKernel.FIRST;
        gone.add(end - pfn == 1 ? "" + from : from + "-" + to);
      }
      pfn = Math.max(end, pfn + 1);
    }
    return gone;
  }
}
