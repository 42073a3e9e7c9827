package org.vmcore.arch.paging;

import java.util.List;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Extent;
import org.vmcore.memory.PageState;

/**
 * The virtual addresses that page tables resolve.
 *
 * @param ranges ascending; there is something between two, and none is all of 2^64
 */
public record Reach(List<AddressRange> ranges) {
  /** An unmodifiable copy of the ranges is kept. */
  public Reach {
    ranges = List.copyOf(ranges);
  }

  /** The lowest addresses: 2 to the power of {@code bits}, which is below 64. */
  public static Reach low(int bits) {
    return from(0, bits);
  }

  /** The highest addresses: 2 to the power of {@code bits}, which is below 64. */
  public static Reach high(int bits) {
    return from(-1L << bits, bits);
  }

  /** 2 to the power of {@code bits} addresses from {@code start} on. */
  public static Reach from(long start, int bits) {
    return new Reach(List.of(AddressRange.ofSize(start, 1L << bits)));
  }

  /** The lowest and the highest addresses, of each 2 to the power of {@code bits}. */
  public static Reach both(int bits) {
    return new Reach(List.of(low(bits).ranges.getFirst(), high(bits).ranges.getFirst()));
  }

  public boolean contains(long address) {
    for (AddressRange range : ranges) {
      if (range.contains(address)) {
        return true;
      }
    }
    return false;
  }

  /** The range that holds {@code address}, or the hole that does. */
  public Extent around(long address) {
    long start = 0;
    for (AddressRange range : ranges) {
      if (range.contains(address)) {
        return new Extent(range.start(), range.size(), PageState.NOT_RAM);
      }
      if (Long.compareUnsigned(address, range.start()) < 0) {
        return new Extent(start, range.start() - start, PageState.NOT_RAM);
      }
      start = range.end();
    }
    return new Extent(start, -start, PageState.NOT_RAM);
  }

  /**
   * The first of these addresses whose lowest {@code bits} bits are {@code low}; where there is
   * none, {@code low} itself.
   */
  public long extended(long low, int bits) {
    long above = bits < Long.SIZE ? -1L << bits : 0;
    for (AddressRange range : ranges) {
      long address = (range.start() & above) | low;
      if (range.contains(address)) {
        return address;
      }
    }
    return low;
  }
}
