package org.vmcore.cli.kernel;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A time in the kernel's log.
 *
 * @param from what it is counted from
 * @param nanoseconds from there on; back from there where that is the log's end
 */
record Since(From from, long nanoseconds) {
  private static final long SECOND = 1_000_000_000L;
  private static final int FRACTION_DIGITS = 9;

  /** About 100 years. */
  private static final long MOST_SECONDS = 3_155_760_000L;

  /** What a time is counted from. */
  enum From {
    /** The boot, as the log's own stamps are. */
    BOOT,
    /** The log's last record. */
    END,
    /** 1970. */
    EPOCH
  }

  /** Parses a time out of an option. */
  static final class Converter implements ITypeConverter<Since> {
    @Override
    public Since convert(String value) {
      if (value.startsWith("@")) {
        return new Since(From.EPOCH, duration(value, value.substring(1)));
      }
      if (value.startsWith("-")) {
        return new Since(From.END, duration(value, value.substring(1)));
      }
      return value.indexOf('-') > 0 || value.indexOf(':') > 0
          ? new Since(From.EPOCH, date(value))
          : new Since(From.BOOT, duration(value, value));
    }

    /** A number of seconds, or with a letter behind it of minutes, hours or days. */
    private static long duration(String value, String text) {
      int digits = text.length();
      long unit = digits == 0 ? 0 : unit(text.charAt(digits - 1));
      digits -= unit == 0 ? 0 : 1;
      int point = text.indexOf('.');
      int whole = point < 0 ? digits : point;
      long seconds = number(value, text.substring(0, Math.min(whole, digits)));
      String fraction = point < 0 || point >= digits ? "" : text.substring(point + 1, digits);
      if ((point >= 0 && fraction.isEmpty()) || fraction.length() > FRACTION_DIGITS) {
        throw nonsense(value);
      }
      long nanos = fraction.isEmpty() ? 0 : number(value, fraction);
      for (int i = fraction.length(); i < FRACTION_DIGITS; i++) {
        nanos *= 10;
      }
      long factor = Math.max(1, unit);
      if (seconds > MOST_SECONDS / factor) {
        throw new TypeConversionException("'" + value + "' is more than 100 years");
      }
      return factor * (seconds * SECOND + nanos);
    }

    private static long unit(char letter) {
      return switch (letter) {
        case 's' -> 1;
        case 'm' -> 60;
        case 'h' -> 3600;
        case 'd' -> 86_400;
        default -> 0;
      };
    }

    private static long number(String value, String digits) {
      boolean isNumber = !digits.isEmpty() && digits.length() <= FRACTION_DIGITS + 1;
      for (int i = 0; i < digits.length(); i++) {
        isNumber &= digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
      }
      if (!isNumber) {
        throw nonsense(value);
      }
      return Long.parseLong(digits);
    }

    private static long date(String value) {
      String text = value.replace(' ', 'T');
      try {
        return nanoseconds(value, instant(text));
      } catch (DateTimeException e) {
        throw nonsense(value);
      }
    }

    /** Without an offset it is UTC. */
    private static Instant instant(String text) {
      int time = text.indexOf('T');
      if (time < 0) {
        return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
      }
      boolean hasOffset = text.endsWith("Z") || text.indexOf('+', time) > 0;
      return hasOffset || text.indexOf('-', time) > 0
          ? OffsetDateTime.parse(text).toInstant()
          : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    }

    private static long nanoseconds(String value, Instant instant) {
      long seconds = instant.getEpochSecond();
      if (seconds < 0 || seconds > Long.MAX_VALUE / SECOND - 1) {
        throw nonsense(value);
      }
      return seconds * SECOND + instant.getNano();
    }

    private static TypeConversionException nonsense(String value) {
      return new TypeConversionException(
          "'"
              + value
              + "' is no time like 12.5 (seconds since the boot), -10s (before the last message),"
              + " 2026-11-28T19:10:04Z or @1795893004");
    }
  }
}
