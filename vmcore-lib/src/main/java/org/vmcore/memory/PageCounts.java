package org.vmcore.memory;

import org.vmcore.values.Described;

/**
 * How many page frames are in each state.
 *
 * @param present those in the dump
 * @param excluded those that were left out
 * @param lost those that should be in the dump and aren't
 * @param notRam those where no memory is
 */
public record PageCounts(long present, long excluded, long lost, long notRam) {
  /** Those in {@code state}. */
  public long of(PageState state) {
    return switch (state) {
      case PRESENT -> present;
      case EXCLUDED -> excluded;
      case LOST -> lost;
      case NOT_RAM -> notRam;
    };
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("PageCounts")
        .add("present", present)
        .add("excluded", excluded)
        .add("lost", lost)
        .add("notRam", notRam)
        .toString();
  }
}
