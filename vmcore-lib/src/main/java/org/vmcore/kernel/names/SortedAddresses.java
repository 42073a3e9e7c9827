package org.vmcore.kernel.names;

import java.util.Arrays;
import org.vmcore.values.Ascending;

/** Finds the symbol that an address lies in or behind. */
public final class SortedAddresses {
  /** What lies further behind a symbol than this isn't taken for a part of it, in bytes. */
  private static final long REACH = 64L << 20;

  private static final int PAGE_SHIFT = 12;

  private final long[] addresses;

  /** Positions in {@link #addresses} by address, where they don't ascend by themselves. */
  private final int[] order;

  private SortedAddresses(long[] addresses, int[] order) {
    this.addresses = addresses;
    this.order = order;
  }

  /** Of symbols in their table's order. */
  public static SortedAddresses of(long[] addresses) {
    for (int i = 1; i < addresses.length; i++) {
      if (Long.compareUnsigned(addresses[i - 1], addresses[i]) > 0) {
        return new SortedAddresses(addresses, order(addresses));
      }
    }
    return new SortedAddresses(addresses, new int[0]);
  }

  private static int[] order(long[] addresses) {
    Integer[] boxed = new Integer[addresses.length];
    Arrays.setAll(boxed, i -> i);
    Arrays.sort(boxed, (a, b) -> Long.compareUnsigned(addresses[a], addresses[b]));
    int[] order = new int[boxed.length];
    Arrays.setAll(order, i -> boxed[i]);
    return order;
  }

  private long sorted(int rank) {
    return addresses[position(rank)];
  }

  private int position(int rank) {
    return order.length == 0 ? rank : order[rank];
  }

  /**
   * The position of the last of those with the highest address that isn't above {@code address}, as
   * debuggers choose it; −1 when there is none, or it is too far away.
   */
  public int nearest(long address) {
    int rank = rank(address);
    return rank < 0 || !reaches(rank, address) ? -1 : position(rank);
  }

  /** The position of the first of those that have the same address as that at {@code position}. */
  public int firstOfSame(int position) {
    int first = position;
    while (order.length == 0 && first > 0 && addresses[first - 1] == addresses[position]) {
      first--;
    }
    return first;
  }

  /** Whether {@code address} lies between two symbols that aren't far from each other. */
  public boolean isInside(long address) {
    int rank = rank(address);
    return rank >= 0 && isFollowed(rank);
  }

  /** How many addresses aren't above {@code address}, less one. */
  private int rank(long address) {
    return order.length == 0
        ? Ascending.floor(addresses, addresses.length, address)
        : Ascending.floor(this::sorted, addresses.length, address);
  }

  /** What lies in a large hole between symbols belongs to none; the last one has its page. */
  private boolean reaches(int rank, long address) {
    return isFollowed(rank) || address >>> PAGE_SHIFT == sorted(rank) >>> PAGE_SHIFT;
  }

  private boolean isFollowed(int rank) {
    return rank + 1 < addresses.length
        && Long.compareUnsigned(sorted(rank + 1) - sorted(rank), REACH) <= 0;
  }
}
