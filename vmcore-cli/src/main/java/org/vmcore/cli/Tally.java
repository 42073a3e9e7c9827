package org.vmcore.cli;

import java.util.EnumMap;
import java.util.Map;
import org.vmcore.memory.PageState;

/** Counts something by the state it is in. */
final class Tally {
  private final Map<PageState, Long> counts = new EnumMap<>(PageState.class);

  void add(PageState state, long count) {
    counts.put(state, of(state) + count);
  }

  long of(PageState state) {
    return counts.getOrDefault(state, 0L);
  }
}
