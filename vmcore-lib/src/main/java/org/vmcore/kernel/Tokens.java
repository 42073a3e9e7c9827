package org.vmcore.kernel;

import org.vmcore.io.VmcoreException;

/**
 * What the bytes of a compressed name stand for: each of the 256 for one or more characters.
 *
 * <p>Source: {@code kallsyms_expand_symbol} of kernel/kallsyms.c.
 */
final class Tokens {
  static final int COUNT = 256;

  /** Longer than any name that the kernel takes: KSYM_NAME_LEN is 512. */
  static final int MAX_NAME = 4096;

  private static final int LONGEST = 1024;

  private final byte[] text;
  private final int[] start = new int[COUNT];
  private final int[] end = new int[COUNT];

  private Tokens(byte[] text) {
    this.text = text;
  }

  /** Reads {@code kallsyms_token_index} and {@code kallsyms_token_table}. */
  static Tokens of(Reader in, long index, long table) throws VmcoreException {
    byte[] raw = in.bytes(index, 2 * COUNT, "kallsyms_token_index");
    int last = 0;
    for (int i = 0; i < COUNT; i++) {
      last = Math.max(last, in.uint16(raw, 2 * i));
    }
    Tokens tokens = new Tokens(in.upTo(table, last + LONGEST));
    for (int i = 0; i < COUNT; i++) {
      if (!tokens.set(i, in.uint16(raw, 2 * i))) {
        throw tokens.text.length < last + LONGEST
            ? in.unreadable(table + tokens.text.length, "kallsyms_token_table")
            : in.fault(table, "kallsyms_token_table", "token " + i + " has no end");
      }
    }
    return tokens;
  }

  private boolean set(int token, int from) {
    int to = from;
    while (to < text.length && text[to] != 0) {
      to++;
    }
    start[token] = from;
    end[token] = to;
    return to < text.length;
  }

  /**
   * Expands a name, of which the first character is the type.
   *
   * @param pattern when the name's start can't be that of this one, the rest isn't expanded
   * @param out of {@link #MAX_NAME} bytes
   * @return how long it is; −1 when it is no such name, or none at all
   */
  int expand(byte[] bytes, int from, int count, NamePattern pattern, byte[] out) {
    byte[] wanted = pattern.bytes();
    int literal = pattern.literal();
    int length = 0;
    for (int i = from; i < from + count; i++) {
      int token = bytes[i] & 0xff;
      for (int at = start[token]; at < end[token]; at++) {
        byte c = text[at];
        if (length == MAX_NAME || (length > 0 && length <= literal && wanted[length - 1] != c)) {
          return -1;
        }
        out[length++] = c;
      }
    }
    return length > 0 && pattern.matches(out, 1, length - 1) ? length : -1;
  }
}
