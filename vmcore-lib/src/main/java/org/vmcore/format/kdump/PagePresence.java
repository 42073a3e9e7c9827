package org.vmcore.format.kdump;

import org.vmcore.memory.VmcoreException;

/** Which pages of one file can be had: by their descriptors, and by what reading has shown. */
final class PagePresence {
  private final PageTable table;
  private final LostPages lost = new LostPages();

  /** The pages whose presence was looked at last. */
  private volatile Run recent = new Run(0, 0, false, 0);

  /** Pages that are there, or not, alike, when so many were known to be lost. */
  private record Run(long from, long to, boolean there, int lost) {
    boolean holds(long rank, boolean isThere, int isLost) {
      return rank >= from && rank < to && isThere == there && isLost == lost;
    }
  }

  PagePresence(PageTable table) {
    this.table = table;
  }

  /** Page {@code rank} turned out to be damaged. */
  void lose(long rank) {
    lost.add(rank);
  }

  /** Whether page {@code rank} can be had, as far as is known without decompressing it. */
  boolean isThere(PageDescriptors read, long rank) {
    return table.refusal(read, rank) == PageRefusal.NONE && !lost.has(rank);
  }

  /**
   * How many pages in a row from {@code rank} on, at most {@code most}, {@link #isThere} alike.
   *
   * @param read the descriptors that page {@code rank} should have its own in
   */
  long run(PageDescriptors read, long rank, long most) throws VmcoreException {
    int before = lost.count();
    boolean there = isThere(read, rank);
    Run known = recent;
    if (known.holds(rank, there, before)) {
      return Math.min(most, known.to - rank);
    }
    long end = runEnd(rank, there, Math.min(rank + most, table.end()));
    recent = new Run(rank, end, there, before);
    return end - rank;
  }

  private long runEnd(long rank, boolean there, long end) throws VmcoreException {
    PageDescriptors read = PageDescriptors.none();
    for (long at = rank + 1; at < end; at++) {
      if (!read.has(at)) {
        read = table.read(at, (int) Math.min(PageDescriptors.GROUP, end - at));
      }
      if (isThere(read, at) != there) {
        return at;
      }
      if (!read.has(at)) {
        at = Math.min(end, at + table.missing(at)) - 1;
      }
    }
    return Math.max(rank + 1, end);
  }
}
