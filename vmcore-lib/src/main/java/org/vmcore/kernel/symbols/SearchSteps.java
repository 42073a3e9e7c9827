package org.vmcore.kernel.symbols;

/** How much a search has looked at: a dump made to be searched for long ends it. */
final class SearchSteps {
  private static final long MOST = 1L << 28;

  private long taken;

  void take(long steps) {
    taken += steps;
  }

  /** Takes one step, when one is left. */
  boolean next() {
    return taken++ < MOST;
  }

  boolean areSpent() {
    return taken >= MOST;
  }
}
