package org.vmcore.cli.fuzz;

import java.util.OptionalLong;

/**
 * How much is tried: a few cases, always the same ones, in a build; with {@code -Dfuzz.seconds}
 * others, for as long; with {@code -Dfuzz.case} one of them again.
 *
 * @param seed of all random numbers, {@code -Dfuzz.seed}
 * @param first the number of the first case
 * @param most how many cases
 * @param seconds for how long
 * @param isChosen whether a property says so
 */
record FuzzPlan(long seed, long first, long most, long seconds, boolean isChosen) {
  private static final long IN_A_BUILD = 300;
  private static final long NO_LIMIT = Long.MAX_VALUE;

  static FuzzPlan ofProperties() {
    OptionalLong seconds = property("fuzz.seconds");
    OptionalLong again = property("fuzz.case");
    long otherwise = seconds.isPresent() ? System.nanoTime() & Integer.MAX_VALUE : 1;
    long seed = property("fuzz.seed").orElse(otherwise);
    if (again.isPresent()) {
      return new FuzzPlan(seed, again.getAsLong(), 1, NO_LIMIT, true);
    }
    return seconds.isPresent()
        ? new FuzzPlan(seed, 0, NO_LIMIT, seconds.getAsLong(), true)
        : new FuzzPlan(seed, 0, IN_A_BUILD, NO_LIMIT, false);
  }

  private static OptionalLong property(String name) {
    Long value = Long.getLong(name);
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }
}
