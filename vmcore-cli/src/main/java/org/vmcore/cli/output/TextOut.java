package org.vmcore.cli.output;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.vmcore.values.Printable;

/**
 * Text on its way to a stream, as UTF-8, gathered in large pieces. Numbers are written without
 * strings in between. What {@link #text} writes can't move the cursor of a terminal: control
 * characters are escaped.
 *
 * <p>A stream that refuses throws {@link OutputRefused}.
 */
public final class TextOut {
  private static final int SIZE = 1 << 16;

  /** More than any number takes. */
  private static final int ROOM = 32;

  private final OutputStream out;
  private final byte[] buffer = new byte[SIZE];
  private int used;

  public TextOut(OutputStream out) {
    this.out = out;
  }

  /** One ASCII character as it is. */
  public TextOut put(char c) {
    if (used == SIZE) {
      flush();
    }
    buffer[used++] = (byte) c;
    return this;
  }

  /** Ends the line. */
  public TextOut line() {
    return put('\n');
  }

  public TextOut spaces(int count) {
    for (int i = 0; i < count; i++) {
      put(' ');
    }
    return this;
  }

  /** Text, made printable. */
  public TextOut text(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c > 0x7e) {
        return bytes(Printable.text(text.substring(i)).getBytes(StandardCharsets.UTF_8));
      }
      put(c);
    }
    return this;
  }

  /** Text of a line and its end. */
  public TextOut line(String text) {
    return text(text).line();
  }

  /** Bytes as they are. */
  public TextOut bytes(byte[] bytes) {
    return bytes(bytes, bytes.length);
  }

  /** The first {@code length} bytes as they are. */
  public TextOut bytes(byte[] bytes, int length) {
    if (length > SIZE - used) {
      flush();
    }
    if (length > SIZE) {
      write(bytes, length);
    } else {
      System.arraycopy(bytes, 0, buffer, used, length);
      used += length;
    }
    return this;
  }

  /** {@code 0x…} without leading zeros. */
  public TextOut hex(long value) {
    return put('0').put('x').digits(value, hexDigits(value));
  }

  /** The low {@code digits} hexadecimal digits, without 0x. */
  public TextOut digits(long value, int digits) {
    if (SIZE - used < ROOM) {
      flush();
    }
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
      int digit = (int) (value >>> shift) & 0xf;
      buffer[used++] = (byte) (digit < 10 ? '0' + digit : 'a' + digit - 10);
    }
    return this;
  }

  /** A signed decimal number. */
  public TextOut decimal(long value) {
    if (value < 0) {
      return text(Long.toString(value));
    }
    if (SIZE - used < ROOM) {
      flush();
    }
    int end = used + decimalDigits(value);
    long left = value;
    for (int at = end - 1; at >= used; at--) {
      buffer[at] = (byte) ('0' + left % 10);
      left /= 10;
    }
    used = end;
    return this;
  }

  /** {@code 1 page}, {@code 2 pages}. */
  public TextOut count(long value, String what) {
    decimal(value).put(' ').text(what);
    return value == 1 ? this : put('s');
  }

  public static int hexDigits(long value) {
    return Math.max(1, (67 - Long.numberOfLeadingZeros(value)) / 4);
  }

  public static int decimalDigits(long value) {
    int digits = 1;
    for (long left = value / 10; left != 0; left /= 10) {
      digits++;
    }
    return value < 0 ? digits + 1 : digits;
  }

  /** Hands over what was gathered. */
  public void flush() {
    int length = used;
    used = 0;
    write(buffer, length);
  }

  private void write(byte[] bytes, int length) {
    if (length == 0) {
      return;
    }
    try {
      out.write(bytes, 0, length);
    } catch (IOException e) {
      throw new OutputRefused(e);
    }
  }
}
