package org.vmcore.memory;

import org.vmcore.values.Described;

/**
 * Page frames in a row that share one state. A frame of which only a part is RAM has the state of
 * that part; where parts differ, the worst counts: lost, then excluded, then present.
 *
 * @param pfn the first page frame number: its physical address divided by the page size
 * @param count in page frames
 * @param state what they are
 */
public record PageRange(long pfn, long count, PageState state) {
  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("PageRange")
        .hex("pfn", pfn)
        .add("count", count)
        .add("state", state)
        .toString();
  }
}
