package org.vmcore.cli.kernel;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.VmcoreException;

/**
 * What the stamps of the kernel's log are by the calendar.
 *
 * @param start when they began, in nanoseconds since 1970
 * @param estimate how that is estimated, where it is: a line's end
 */
record LogClock(long start, Optional<String> estimate) {
  private static final long SECOND = 1_000_000_000L;

  /** The most seconds since 1970 that nanoseconds of 64 bits hold. */
  private static final long MOST = Long.MAX_VALUE / SECOND - 1;

  /**
   * The clock of {@code kernel}: as its timekeeper tells, else estimated.
   *
   * @throws VmcoreException when nothing tells, the dump is closed, or its file fails
   */
  static LogClock of(Kernel kernel, String file, LogOptions.Survey log) throws VmcoreException {
    OptionalLong start = kernel.system().bootTime();
    if (start.isPresent()) {
      return of(start.getAsLong(), kernel.system().uptime(), log.crashed());
    }
    OptionalLong last = log.last();
    Optional<VmcoreInfo> info = kernel.info();
    OptionalLong crash = info.isEmpty() ? OptionalLong.empty() : info.get().crashTime();
    if (crash.isEmpty() || last.isEmpty() || crash.getAsLong() < 0 || crash.getAsLong() > MOST) {
      throw VmcoreException.of(
          file,
          "the time of day can't be told: neither the kernel's timekeeper can be read, nor does"
              + " VMCOREINFO tell when it crashed");
    }
    return new LogClock(
        crash.getAsLong() * SECOND - last.getAsLong(),
        Optional.of(", to about a second: VMCOREINFO's crash time less the last message's"));
  }

  /**
   * The clock of a timekeeper whose own began at {@code start}. The log's should have begun with
   * it, but where it runs ahead by more than a second at the crash, that much is taken off: less
   * than that the timekeeper, which ticks drive, may lag behind.
   *
   * @param uptime how far the timekeeper came
   * @param crashed the log's stamp of the crash
   */
  static LogClock of(long start, OptionalLong uptime, OptionalLong crashed) {
    boolean areKnown = uptime.isPresent() && crashed.isPresent() && crashed.getAsLong() >= 0;
    long ahead = areKnown ? crashed.getAsLong() - uptime.getAsLong() : 0;
    if (ahead <= SECOND) {
      return new LogClock(start, Optional.empty());
    }
    BigDecimal seconds = BigDecimal.valueOf(ahead, 9).setScale(1, RoundingMode.HALF_UP);
    return new LogClock(
        start - ahead,
        Optional.of(
            ": the log's clock was "
                + seconds.toPlainString()
                + " s ahead of the kernel's timekeeper at the crash; that is taken off"));
  }

  /** The time of day, in nanoseconds since 1970, of a stamp. */
  long time(long stamp) {
    return start + stamp;
  }
}
