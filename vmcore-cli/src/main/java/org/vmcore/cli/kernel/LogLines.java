package org.vmcore.cli.kernel;

import java.util.function.Consumer;
import org.vmcore.cli.output.TextOut;
import org.vmcore.kernel.log.LogRecord;

/**
 * Writes records of the kernel's log byte for byte as vmcore-dmesg does: the time in front of each,
 * characters that aren't ASCII's printable ones or white space as {@code \xNN}.
 */
final class LogLines implements Consumer<LogRecord> {
  private static final int SECONDS_WIDTH = 5;

  private final TextOut out;
  private byte[] escaped = new byte[1024];

  LogLines(TextOut out) {
    this.out = out;
  }

  @Override
  public void accept(LogRecord entry) {
    long seconds = Long.divideUnsigned(entry.nanoseconds(), 1_000_000_000);
    long micros = Long.remainderUnsigned(entry.nanoseconds(), 1_000_000_000) / 1000;
    out.put('[').spaces(SECONDS_WIDTH - TextOut.decimalDigits(seconds)).decimal(seconds).put('.');
    for (long unit = 100_000; unit > 0; unit /= 10) {
      out.put((char) ('0' + micros / unit % 10));
    }
    out.put(']').put(' ');
    text(entry.text());
    out.line();
  }

  private void text(byte[] text) {
    if (escaped.length < 4 * text.length) {
      escaped = new byte[4 * text.length];
    }
    int length = 0;
    for (byte c : text) {
      boolean isSpace = c >= '\t' && c <= '\r';
      if (isSpace || (c >= ' ' && c <= '~')) {
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
