package org.vmcore.values;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Makes text that came out of a dump safe to print: no control character reaches a terminal. */
public final class Printable {
  private Printable() {}

  /**
   * {@code text} with each control character (C0, DEL, C1, line separators, bidirectional controls)
   * written as <code>\x0a</code> or <code>\u202e</code>; and each lone surrogate: one of U+DC80 to
   * U+DCFF, which stands for a byte that isn't UTF-8, as that byte, <code>\xff</code>.
   */
  public static String text(String text) {
    StringBuilder out = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isControl(c) || isLone(text, i)) {
        if (out == null) {
          out = new StringBuilder(text.length() + 16).append(text, 0, i);
        }
        escape(c >= 0xdc80 && c <= 0xdcff ? (char) (c & 0xff) : c, out);
      } else if (out != null) {
        out.append(c);
      }
    }
    return out == null ? text : out.toString();
  }

  /**
   * The UTF-8 text in {@code bytes}, each of them one character: printable as {@link #text} has it,
   * and each byte that isn't UTF-8 written as <code>\xff</code>.
   */
  public static String utf8(String bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1));
    CharBuffer decoded = CharBuffer.allocate(in.remaining());
    StringBuilder out = new StringBuilder(in.remaining());
    while (in.hasRemaining()) {
      CoderResult end = decoder.decode(in, decoded, true);
      out.append(text(decoded.flip().toString()));
      decoded.clear();
      for (int bad = end.isMalformed() ? end.length() : 0; bad > 0; bad--) {
        escape((char) (in.get() & 0xff), out);
      }
    }
    return out.toString();
  }

  private static boolean isControl(char c) {
    return c < 0x20
        || (c >= 0x7f && c < 0xa0)
        || (c >= 0x200e && c <= 0x200f)
        || (c >= 0x2028 && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069)
        || c == 0x061c;
  }

  /** Whether it is a surrogate that has no other one. */
  public static boolean isLone(String text, int at) {
    char c = text.charAt(at);
    if (Character.isHighSurrogate(c)) {
      return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
    }
    return Character.isLowSurrogate(c)
        && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
  }

  private static void escape(char c, StringBuilder out) {
    out.append(c < 0x100 ? "\\x" : "\\u");
    for (int shift = c < 0x100 ? 4 : 12; shift >= 0; shift -= 4) {
      out.append(Character.forDigit(c >> shift & 0xf, 16));
    }
  }
}
