package org.vmcore.kernel.log;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a record stands in the log of a kernel before 3.5, which keeps lines and no records: {@code
 * <6>[ 1.500000] text}.
 *
 * <p>Level and time are part of the line. The level is missing where the line's start was
 * overwritten, the time where the kernel was told not to write it (CONFIG_PRINTK_TIME).
 *
 * @param bytes all of the line, with its newline where it has one
 * @param hasLevel whether it tells the record's level and facility
 * @param hasTime whether it tells the record's time
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; a log has many of them
public record PlainLine(byte[] bytes, boolean hasLevel, boolean hasTime) {
  private static final int MOST_DIGITS = 9;
  private static final int FRACTION_DIGITS = 6;
  private static final int NOTHING = -1;

  /**
   * The record of a line.
   *
   * @param isContinuation whether the line begins in the middle of one
   */
  static LogRecord record(byte[] bytes, boolean isContinuation) {
    int text = 0;
    int priority = 0;
    int level = isContinuation ? NOTHING : digits(bytes, 1);
    boolean hasLevel = level > 1 && bytes[0] == '<' && is(bytes, level, '>');
    if (hasLevel) {
      priority = (int) number(bytes, 1, level);
      text = level + 1;
    }
    int time = isContinuation ? NOTHING : behindTime(bytes, text);
    long nanoseconds = time < 0 ? 0 : nanoseconds(bytes, text, time);
    text = time < 0 ? text : is(bytes, time, ' ') ? time + 1 : time;
    int end = bytes.length - (bytes[bytes.length - 1] == '\n' ? 1 : 0);
    return new LogRecord(
        OptionalLong.empty(),
        nanoseconds,
        priority >> 3,
        priority & 7,
        isContinuation,
        Optional.empty(),
        false,
        Arrays.copyOfRange(bytes, Math.min(text, end), end),
        Optional.of(new PlainLine(bytes, hasLevel, time >= 0)));
  }

  private static boolean is(byte[] bytes, int at, char c) {
    return at < bytes.length && bytes[at] == c;
  }

  /** Where the digits from {@code at} on end; no more of them are taken than an int holds. */
  private static int digits(byte[] bytes, int at) {
    int end = at;
    while (end < bytes.length && end - at < MOST_DIGITS && bytes[end] >= '0' && bytes[end] <= '9') {
      end++;
    }
    return end;
  }

  private static long number(byte[] bytes, int from, int to) {
    long number = 0;
    for (int i = from; i < to; i++) {
      number = 10 * number + bytes[i] - '0';
    }
    return number;
  }

  private static int behindSpaces(byte[] bytes, int at) {
    int end = at;
    while (is(bytes, end, ' ')) {
      end++;
    }
    return end;
  }

  /** Where the time {@code [%5lu.%06lu]} at {@code at} ends; negative when there is none. */
  private static int behindTime(byte[] bytes, int at) {
    if (!is(bytes, at, '[')) {
      return NOTHING;
    }
    int seconds = behindSpaces(bytes, at + 1);
    int point = digits(bytes, seconds);
    int end = digits(bytes, point + 1);
    boolean isTime = point > seconds && is(bytes, point, '.') && end == point + 1 + FRACTION_DIGITS;
    return isTime && is(bytes, end, ']') ? end + 1 : NOTHING;
  }

  private static long nanoseconds(byte[] bytes, int from, int end) {
    int seconds = behindSpaces(bytes, from + 1);
    int point = end - FRACTION_DIGITS - 2;
    long micros = number(bytes, point + 1, end - 1);
    return (1_000_000 * number(bytes, seconds, point) + micros) * 1000;
  }
}
