package org.vmcore.kernel.oops;

/** Numbers and words of a line. */
final class Text {
  private static final int MOST_DIGITS = 9;

  private Text() {}

  /** The decimal number at {@code from}; -1 where there is none, or one that no CPU or pid has. */
  static int decimal(String text, int from) {
    int at = from;
    int number = 0;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      number = 10 * number + text.charAt(at++) - '0';
      if (at - from > MOST_DIGITS) {
        return -1;
      }
    }
    return at == from ? -1 : number;
  }

  /** The decimal number behind the first {@code key}; -1 where there is none. */
  static int numberBehind(String text, String key) {
    int at = text.indexOf(key);
    return at < 0 ? -1 : decimal(text, at + key.length());
  }

  /** The hexadecimal number, {@code 0x} in front, in {@code [from, to)}; -1 where it is none. */
  static long hex(String text, int from, int to) {
    int digits = from + 2;
    boolean isShort = to > digits && to - digits < 16;
    if (!isShort || text.charAt(from) != '0' || text.charAt(from + 1) != 'x') {
      return -1;
    }
    long number = 0;
    for (int i = digits; i < to; i++) {
      int digit = Character.digit(text.charAt(i), 16);
      if (digit < 0) {
        return -1;
      }
      number = number << 4 | digit;
    }
    return number;
  }

  /** The end of the word that begins at {@code from}. */
  static int wordEnd(String text, int from) {
    int end = from;
    while (end < text.length() && text.charAt(end) > ' ') {
      end++;
    }
    return end;
  }

  /** The first place at or behind {@code from} that is no blank. */
  static int skipBlanks(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) <= ' ') {
      at++;
    }
    return at;
  }
}
