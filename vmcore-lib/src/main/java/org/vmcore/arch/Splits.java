package org.vmcore.arch;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Where kernels of 32 bits may begin, PAGE_OFFSET: it is chosen when they are built. */
final class Splits {
  /** Modules of arm lie up to so many bytes below PAGE_OFFSET. */
  static final long MODULES = 16L << 20;

  private final List<Long> starts;

  /**
   * @param starts descending, the usual one first
   */
  Splits(Long... starts) {
    this.starts = List.of(starts);
  }

  /** Those that have {@code symbol} in their first {@code reach} bytes, the nearest first. */
  List<Long> of(OptionalLong symbol, long reach) {
    List<Long> found = new ArrayList<>();
    long address = symbol.orElse(0);
    for (long start : starts) {
      if (Long.compareUnsigned(address - start, reach) < 0 && address >>> Integer.SIZE == 0) {
        found.add(start);
      }
    }
    return found;
  }

  /** The nearest of {@link #of}, or the usual one. */
  long likely(OptionalLong symbol, long reach) {
    List<Long> found = of(symbol, reach);
    return (found.isEmpty() ? starts : found).getFirst();
  }

  /** Whether a kernel or its modules may have {@code vaddr}. */
  boolean isKernelSpace(long vaddr) {
    return vaddr >= starts.getLast() - MODULES && vaddr >>> Integer.SIZE == 0;
  }
}
