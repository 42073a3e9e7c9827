package org.vmcore.cli.remoteproc;

import java.math.BigDecimal;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses seconds, {@code 5} or {@code 0.5}: from a millisecond to an hour. */
final class Seconds implements ITypeConverter<Duration> {
  private static final int LONGEST = 3600;
  private static final int DIGITS = 8;

  @Override
  public Duration convert(String value) {
    if (value.isEmpty() || value.length() > DIGITS || !isDecimal(value)) {
      throw new TypeConversionException("'" + value + "' are no seconds like 5 or 0.5");
    }
    Duration seconds = Duration.ofMillis(new BigDecimal(value).movePointRight(3).longValue());
    if (seconds.isZero() || seconds.compareTo(Duration.ofSeconds(LONGEST)) > 0) {
      throw new TypeConversionException("'" + value + "' isn't from 0.001 to " + LONGEST);
    }
    return seconds;
  }

  private static boolean isDecimal(String value) {
    int points = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      points += c == '.' ? 1 : 0;
      if (c != '.' && (c < '0' || c > '9')) {
        return false;
      }
    }
    return points == 0 || (points == 1 && value.length() > 1);
  }
}
