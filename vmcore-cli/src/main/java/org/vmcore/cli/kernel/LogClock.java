package org.vmcore.cli.kernel;

import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.VmcoreException;

/**
 * What the stamps of the kernel's log are by the calendar.
 *
 * @param start when they began, in nanoseconds since 1970
 * @param isEstimated whether that is VMCOREINFO's crash time, a second, less the last stamp
 */
record LogClock(long start, boolean isEstimated) {
  private static final long SECOND = 1_000_000_000L;

  /** The most seconds since 1970 that nanoseconds of 64 bits hold. */
  private static final long MOST = Long.MAX_VALUE / SECOND - 1;

  /**
   * The clock of {@code kernel}: as its timekeeper tells, else estimated.
   *
   * @param last the log's last stamp
   * @throws VmcoreException when nothing tells, the dump is closed, or its file fails
   */
  static LogClock of(Kernel kernel, String file, OptionalLong last) throws VmcoreException {
    OptionalLong start = kernel.system().bootTime();
    if (start.isPresent()) {
      return new LogClock(start.getAsLong(), false);
    }
    Optional<VmcoreInfo> info = kernel.info();
    OptionalLong crash = info.isEmpty() ? OptionalLong.empty() : info.get().crashTime();
    if (crash.isEmpty() || last.isEmpty() || crash.getAsLong() < 0 || crash.getAsLong() > MOST) {
      throw VmcoreException.of(
          file,
          "the time of day can't be told: neither the kernel's timekeeper can be read, nor does"
              + " VMCOREINFO tell when it crashed");
    }
    return new LogClock(crash.getAsLong() * SECOND - last.getAsLong(), true);
  }

  /** The time of day, in nanoseconds since 1970, of a stamp. */
  long time(long stamp) {
    return start + stamp;
  }
}
