package org.vmcore.oldmem;

import org.vmcore.memory.PageCounts;
import org.vmcore.memory.PageState;

/** Counts page frames by their state. */
public final class PageTally {
  private long present;
  private long excluded;
  private long lost;
  private long notRam;

  /** Adds {@code frames} of that state. */
  public void add(PageState state, long frames) {
    switch (state) {
      case PRESENT -> present += frames;
      case EXCLUDED -> excluded += frames;
      case LOST -> lost += frames;
      case NOT_RAM -> notRam += frames;
    }
  }

  /** What was added so far. */
  public PageCounts counts() {
    return new PageCounts(present, excluded, lost, notRam);
  }
}
