package org.vmcore.cli.output;

import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Times for people, in UTC. (No formatter: it would cost a fifth of the start-up time.) */
public final class CrashTime {
  private static final long SECOND = 1_000_000_000L;
  private static final long MOST = 253_402_300_799L; // 9999-12-31T23:59:59Z

  private CrashTime() {}

  /** {@code 2025-01-31T12:00:00Z}; the bare number when it is no time. */
  public static String text(long seconds) {
    if (seconds < 0 || seconds > MOST) {
      return Long.toString(seconds);
    }
    String text = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC).toString();
    return seconds % 60 == 0 ? text + ":00Z" : text + "Z";
  }

  /** {@code 2025-01-31T12:00:00.000000Z}, of nanoseconds since 1970. */
  public static String micros(long nanoseconds) {
    String seconds = text(Math.floorDiv(nanoseconds, SECOND));
    String micros = Long.toString(1_000_000 + Math.floorMod(nanoseconds, SECOND) / 1000);
    return seconds.replace("Z", "") + "." + micros.substring(1) + "Z";
  }
}
