package org.vmcore.arch;

import org.vmcore.memory.Extent;
import org.vmcore.memory.PageState;

/**
 * The virtual addresses that page tables resolve: of the lowest, the highest, or both 2 to the
 * power of {@code bits}.
 */
public record Reach(int bits, boolean low, boolean high) {
  public boolean contains(long address) {
    return (low && address >>> bits == 0) || (high && address >> bits == -1);
  }

  /** The half that holds {@code address}, or the hole that does. */
  public Extent around(long address) {
    long half = 1L << bits;
    if (contains(address)) {
      return new Extent(address < 0 ? -half : 0, half, PageState.NOT_RAM);
    }
    long start = low ? half : 0;
    return new Extent(start, (high ? -half : 0) - start, PageState.NOT_RAM);
  }
}
