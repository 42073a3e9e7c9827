package org.vmcore.values;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * Bytes as a string from which they can be had again: UTF-8, and for each byte that isn't the lone
 * surrogate U+DC00 and the byte, as Python has it (PEP 383).
 */
public final class ExactText {
  private static final int ESCAPED = 0xdc00;

  private ExactText() {}

  /** The string of {@code bytes}. */
  public static String of(byte[] bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    while (in.hasRemaining()) {
      CoderResult end = decoder.decode(in, out, true);
      for (int bad = end.isMalformed() ? end.length() : 0; bad > 0; bad--) {
        out.put((char) (ESCAPED | (in.get() & 0xff)));
      }
    }
    return out.flip().toString();
  }

  /** Whether {@code text} has bytes that aren't UTF-8. */
  public static boolean hasBytes(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (isByte(text, i)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isByte(String text, int at) {
    int c = text.charAt(at);
    return c >= (ESCAPED | 0x80)
        && c <= (ESCAPED | 0xff)
        && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
  }

  /** The bytes of {@code text}. */
  public static byte[] bytes(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
    int plain = 0;
    for (int i = 0; i < text.length(); i++) {
      if (isByte(text, i)) {
        out.writeBytes(text.substring(plain, i).getBytes(StandardCharsets.UTF_8));
        out.write(text.charAt(i));
        plain = i + 1;
      }
    }
    out.writeBytes(text.substring(plain).getBytes(StandardCharsets.UTF_8));
    return out.toByteArray();
  }
}
