package org.vmcore.mmu;

import java.util.List;
import java.util.Optional;
import org.vmcore.arch.CpuRoot;
import org.vmcore.arch.paging.Paging;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.RootCandidates.Best;

/** The root that a CPU used: the one that maps most of what it should. */
final class ByCpus implements KernelRoot.Finder {
  private final RootCandidates candidates;
  private final Best best = new Best();

  ByCpus(RootCandidates candidates) {
    this.candidates = candidates;
  }

  @Override
  public Optional<AddressSpace> find() throws VmcoreException {
    for (CpuRoot cpu : candidates.hints().cpus()) {
      for (Paging layout : candidates.layouts()) {
        if (layout.levels() == cpu.levels()) {
          offer(cpu, layout);
        }
      }
    }
    return best.space();
  }

  private void offer(CpuRoot cpu, Paging layout) throws VmcoreException {
    PagingHints hints = candidates.hints();
    for (long root : hints.architecture().orElseThrow().roots(cpu, hints.info())) {
      AddressSpace space = candidates.space(layout, root, Origin.CPU);
      int score = RootCandidates.score(space, candidates.checked());
      best.offer(space, score + mapped(space, cpu.mapped()));
    }
  }

  /** How many addresses are mapped less those that aren't. */
  private static int mapped(AddressSpace space, List<Long> addresses) throws VmcoreException {
    int score = 0;
    for (long address : addresses) {
      score += space.physical(address).isPresent() ? 1 : -1;
    }
    return score;
  }
}
