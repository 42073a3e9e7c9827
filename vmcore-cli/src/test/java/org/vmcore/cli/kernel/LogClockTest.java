package org.vmcore.cli.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When the log's clock began, by a timekeeper whose own began at 1000 s. */
class LogClockTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long START = 1000 * SECOND;

  /** No message may be from behind the crash: an arm64 machine's log ran 3.6 s ahead. */
  @ParameterizedTest
  @CsvSource({
    "22.2, 22.2, 0, ''",
    "22.2, 22.9, 0, ''",
    "22.2, 23.2, 0, ''",
    "22.2, 10, 0, ''",
    "22.2, 25.84, 3.64, '3.6'",
    "0, 90, 90, '90.0'",
  })
  void whatRunsAheadIsTakenOff(double uptime, double crashed, double ahead, String told) {
    LogClock clock = LogClock.of(START, nanoseconds(uptime), nanoseconds(crashed));

    assertThat(clock.start()).isEqualTo(START - nanoseconds(ahead).getAsLong());
    assertThat(clock.estimate().isPresent()).isEqualTo(!told.isEmpty());
    assertThat(clock.estimate().orElse(" s ahead")).contains(told + " s ahead");
  }

  @Test
  void withoutACrashOrUptimeTheTimekeeperIsRight() {
    LogClock expected = LogClock.of(START, nanoseconds(1), nanoseconds(1));

    assertThat(LogClock.of(START, OptionalLong.empty(), nanoseconds(9))).isEqualTo(expected);
    assertThat(LogClock.of(START, nanoseconds(1), OptionalLong.empty())).isEqualTo(expected);
    assertThat(LogClock.of(START, nanoseconds(1), OptionalLong.of(-1))).isEqualTo(expected);
  }

  private static OptionalLong nanoseconds(double seconds) {
    return OptionalLong.of(Math.round(seconds * SECOND));
  }
}
