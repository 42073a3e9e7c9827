package org.vmcore.gdb.remote;

/** Numbers and words of a packet, one after the other. Numbers are hexadecimal. */
final class Arguments {
  private static final int DIGITS = 16;

  private final String text;
  private int position;

  Arguments(String text) {
    this.text = text;
  }

  /** What is wrong with a packet. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }
  }

  /** A number of up to 64 bits, which ends in front of {@code end} or with the packet. */
  long number(char end) throws Malformed {
    String word = word(end);
    if (word.isEmpty() || word.length() > DIGITS) {
      throw new Malformed("no number: " + word.length() + " digits");
    }
    long value = 0;
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw new Malformed("no hexadecimal number");
      }
      value = value << 4 | digit;
    }
    return value;
  }

  /** A number that is a size, an index or a count; too large ones are the largest there is. */
  int size(char end) throws Malformed {
    long number = number(end);
    return number < 0 || number > Integer.MAX_VALUE ? Integer.MAX_VALUE : (int) number;
  }

  /** What comes up to {@code end}, or to the packet's end. */
  String word(char end) {
    int next = text.indexOf(end, position);
    String word = text.substring(position, next < 0 ? text.length() : next);
    position = next < 0 ? text.length() : next + 1;
    return word;
  }

  /** Text that is given in hexadecimal digits. */
  String hexText(char end) throws Malformed {
    String word = word(end);
    StringBuilder decoded = new StringBuilder();
    for (int i = 0; i + 1 < word.length(); i += 2) {
      int high = Character.digit(word.charAt(i), 16);
      int low = Character.digit(word.charAt(i + 1), 16);
      if (high < 0 || low < 0) {
        throw new Malformed("no hexadecimal digits");
      }
      decoded.append((char) (high << 4 | low));
    }
    return decoded.toString();
  }

  /** A thread's number; 0 is any, and −1 all. */
  int thread() throws Malformed {
    if (text.startsWith("-1", position)) {
      return -1;
    }
    long number = number(';');
    if (number > Integer.MAX_VALUE || number < 0) {
      throw new Malformed("no thread's number");
    }
    return (int) number;
  }
}
