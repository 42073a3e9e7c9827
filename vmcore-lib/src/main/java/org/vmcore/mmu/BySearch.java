package org.vmcore.mmu;

import java.util.List;
import java.util.Optional;
import org.vmcore.arch.Architecture;
import org.vmcore.arch.paging.Paging;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.PagingHints.Range;
import org.vmcore.mmu.RootCandidates.Best;
import org.vmcore.scan.VisitedRanges;

/** A page of the kernel's image that maps what the PT_LOADs say. */
final class BySearch implements KernelRoot.Finder {
  private static final long PAGE = RootCandidates.PAGE;

  /** No kernel's image is larger. */
  private static final long MOST_SEARCHED = 256L << 20;

  private final RootCandidates candidates;
  private final List<Range> checked;
  private final Best best = new Best();
  private final VisitedRanges visited = new VisitedRanges();
  private long left = MOST_SEARCHED;

  BySearch(RootCandidates candidates) {
    this.candidates = candidates;
    this.checked = candidates.checked();
  }

  @Override
  public Optional<AddressSpace> find() throws VmcoreException {
    for (Range range : candidates.hints().ranges()) {
      if (isImage(range)) {
        for (AddressRange fresh : visited.visit(range.physical())) {
          search(fresh);
        }
      }
    }
    return best.space();
  }

  private void search(AddressRange range) throws VmcoreException {
    long at = range.start() + PAGE - 1 & -PAGE;
    while (range.contains(at) && left > 0 && !isCertain()) {
      long blank = candidates.hints().physical().blank(at, range.last() - at) & -PAGE;
      if (blank == 0) {
        offer(at);
        left -= PAGE;
      }
      long next = at + Math.max(blank, PAGE);
      at = Long.compareUnsigned(next, at) > 0 ? next : range.end();
    }
  }

  private void offer(long root) throws VmcoreException {
    for (Paging layout : candidates.layouts()) {
      if (!isCertain()) {
        offer(layout, root);
      }
    }
  }

  private void offer(Paging layout, long root) throws VmcoreException {
    AddressSpace space = candidates.space(layout, root, Origin.SEARCH);
    boolean isAligned = (root & (layout.pageSize() - 1)) == 0;
    int score = isAligned ? RootCandidates.score(space, checked) : 0;
    if (score > best.score() && space.leadsIntoRam()) {
      best.offer(space, score);
    }
  }

  private boolean isCertain() {
    return best.score() == checked.size();
  }

  /** Whether a PT_LOAD is the kernel's image rather than a part of the direct map. */
  private boolean isImage(Range range) {
    Optional<AddressRange> space =
        candidates.hints().architecture().flatMap(Architecture::imageSpace);
    if (space.isPresent()) {
      return space.get().contains(range.vaddr());
    }
    Range largest = range;
    for (Range each : candidates.hints().ranges()) {
      largest = Long.compareUnsigned(each.size(), largest.size()) > 0 ? each : largest;
    }
    return range.vaddr() - range.paddr() != largest.vaddr() - largest.paddr();
  }
}
