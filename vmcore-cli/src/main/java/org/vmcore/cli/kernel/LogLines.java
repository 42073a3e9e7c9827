package org.vmcore.cli.kernel;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.vmcore.cli.output.CrashTime;
import org.vmcore.cli.output.TextOut;
import org.vmcore.kernel.log.LogRecord;
import org.vmcore.values.Printable;

/**
 * Writes records of the kernel's log byte for byte as vmcore-dmesg does: the time in front of each,
 * characters that aren't ASCII's printable ones or white space as {@code \xNN}. Lines of a kernel
 * before 3.5 are as they are, unless a terminal would take them for more than text.
 */
final class LogLines implements Consumer<LogRecord> {
  private static final int SECONDS_WIDTH = 5;

  private static final String RESET = "\u001b[0m";
  private static final String GREEN = "\u001b[32m";
  private static final int CRIT = 2;
  private static final int ERR = 3;
  private static final int WARN = 4;

  private final TextOut out;
  private final Optional<LogClock> clock;
  private final boolean isColored;
  private byte[] escaped = new byte[1024];

  /**
   * Lines on {@code out}.
   *
   * @param clock by which their time is told, in place of seconds since the boot
   * @param isColored whether they are coloured as dmesg does it, for a terminal
   */
  LogLines(TextOut out, Optional<LogClock> clock, boolean isColored) {
    this.out = out;
    this.clock = clock;
    this.isColored = isColored;
  }

  @Override
  public void accept(LogRecord entry) {
    if (entry.plain().isPresent() && clock.isEmpty()) {
      begin(color(entry));
      line(entry.plain().get().bytes());
      end(color(entry));
      return;
    }
    if (entry.isTimed()) {
      begin(GREEN);
      time(entry);
      end(GREEN);
      out.put(' ');
    }
    begin(color(entry));
    text(entry.text());
    end(color(entry));
    out.line();
  }

  /** As dmesg has it: what is critical stands out among errors. */
  private static String color(LogRecord entry) {
    int level = entry.isLeveled() ? entry.level() : WARN + 1;
    return level <= CRIT
        ? "\u001b[1;31m"
        : level == ERR ? "\u001b[31m" : level == WARN ? "\u001b[33m" : "";
  }

  private void begin(String color) {
    raw(color);
  }

  private void end(String color) {
    raw(color.isEmpty() ? "" : RESET);
  }

  private void raw(String escape) {
    for (int i = 0; isColored && i < escape.length(); i++) {
      out.put(escape.charAt(i));
    }
  }

  private void time(LogRecord entry) {
    if (clock.isPresent()) {
      out.put('[').text(CrashTime.micros(clock.get().time(entry.nanoseconds()))).put(']');
      return;
    }
    long seconds = Long.divideUnsigned(entry.nanoseconds(), 1_000_000_000);
    long micros = Long.remainderUnsigned(entry.nanoseconds(), 1_000_000_000) / 1000;
    out.put('[').spaces(SECONDS_WIDTH - TextOut.decimalDigits(seconds)).decimal(seconds).put('.');
    for (long unit = 100_000; unit > 0; unit /= 10) {
      out.put((char) ('0' + micros / unit % 10));
    }
    out.put(']');
  }

  /** vmcore-dmesg passes on all bytes of such a line; here only text is. */
  private void line(byte[] line) {
    if (isText(line)) {
      out.bytes(line);
    } else {
      text(line);
    }
  }

  private static boolean isText(byte[] line) {
    String text = new String(line, StandardCharsets.UTF_8);
    StringBuilder rest = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (!isSpace(text.charAt(i))) {
        rest.append(text.charAt(i));
      }
    }
    String printed = rest.toString();
    return Printable.text(printed).equals(printed)
        && Arrays.equals(text.getBytes(StandardCharsets.UTF_8), line);
  }

  private static boolean isSpace(int c) {
    return c >= '\t' && c <= '\r';
  }

  private void text(byte[] text) {
    if (escaped.length < 4 * text.length) {
      escaped = new byte[4 * text.length];
    }
    int length = 0;
    for (byte c : text) {
      if (isSpace(c) || (c >= ' ' && c <= '~')) {
        escaped[length++] = c;
      } else {
        escaped[length++] = '\\';
        escaped[length++] = 'x';
        escaped[length++] = (byte) Character.forDigit(c >> 4 & 0xf, 16);
        escaped[length++] = (byte) Character.forDigit(c & 0xf, 16);
      }
    }
    out.bytes(escaped, length);
  }
}
