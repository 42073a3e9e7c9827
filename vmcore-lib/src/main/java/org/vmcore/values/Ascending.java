package org.vmcore.values;

import java.util.function.IntToLongFunction;

/** Finds the place of a number among ascending ones; all numbers are unsigned. */
public final class Ascending {
  private Ascending() {}

  /**
   * The index of the last of the first {@code count} numbers that isn't above {@code key}; −1 when
   * all are.
   */
  public static int floor(long[] numbers, int count, long key) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(numbers[middle], key) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /** The same over numbers that {@code numbers} gives by their index. */
  public static int floor(IntToLongFunction numbers, int count, long key) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(numbers.applyAsLong(middle), key) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }
}
