package org.vmcore.cli.bytes;

import java.util.EnumMap;
import java.util.Map;
import org.vmcore.memory.PageState;

/** Counts something by the state it is in. */
public final class Tally {
  private final Map<PageState, Long> counts = new EnumMap<>(PageState.class);

  public void add(PageState state, long count) {
    counts.put(state, of(state) + count);
  }

  public long of(PageState state) {
    return counts.getOrDefault(state, 0L);
  }
}
