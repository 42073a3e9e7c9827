package org.vmcore.arch.paging;

import java.util.Arrays;

/**
 * How many bits of an address each level of page tables resolves. Levels are counted from the last
 * one, 0, upwards.
 */
final class TableShape {
  /** No table has more entries: ppc64's root has 2^13. */
  private static final int MOST_BITS = 13;

  private final int entrySize;

  /** The lowest bit of an address that each level resolves, and behind them that of none. */
  private final int[] shifts;

  /**
   * @param entrySize of an entry in bytes: 4 or 8
   * @param pageShift the size of the smallest page is 2 to the power of it
   * @param bits how many bits of an address each level resolves, from the last one upwards
   * @throws IllegalArgumentException when there is no level, a table has no or too many entries, or
   *     an address would have more than 64 bits
   */
  TableShape(int entrySize, int pageShift, int... bits) {
    this.entrySize = entrySize;
    this.shifts = new int[bits.length + 1];
    shifts[0] = pageShift;
    for (int i = 0; i < bits.length; i++) {
      if (bits[i] < 1 || bits[i] > MOST_BITS) {
        throw new IllegalArgumentException("a table of 2^" + bits[i] + " entries");
      }
      shifts[i + 1] = shifts[i] + bits[i];
    }
    if (bits.length == 0 || addressBits() > Long.SIZE) {
      throw new IllegalArgumentException(bits.length + " levels of " + addressBits() + " bits");
    }
  }

  /**
   * Tables of entries of 8 bytes, each a page large but the topmost, which resolves what is left.
   *
   * @param addressBits how many bits of an address are resolved
   */
  static TableShape ofPages(int pageShift, int levels, int addressBits) {
    int each = pageShift - 3;
    int[] bits = new int[levels];
    Arrays.fill(bits, each);
    bits[levels - 1] = addressBits - pageShift - (levels - 1) * each;
    return new TableShape(Long.BYTES, pageShift, bits);
  }

  int entrySize() {
    return entrySize;
  }

  int levels() {
    return shifts.length - 1;
  }

  /** How many bits of an address lie below those that {@code level} resolves. */
  int shift(int level) {
    return shifts[level];
  }

  int entries(int level) {
    return 1 << (shifts[level + 1] - shifts[level]);
  }

  int addressBits() {
    return shifts[shifts.length - 1];
  }
}
