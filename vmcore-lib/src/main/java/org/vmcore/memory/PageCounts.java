package org.vmcore.memory;

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
}
