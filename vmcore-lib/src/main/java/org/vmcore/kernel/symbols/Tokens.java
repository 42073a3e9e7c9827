package org.vmcore.kernel.symbols;

import org.vmcore.kernel.names.NamePattern;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.memory.VmcoreException;

/**
 * What the bytes of a compressed name stand for: each of the 256 for one or more characters.
 *
 * <p>Source: {@code kallsyms_expand_symbol} of kernel/kallsyms.c.
 */
final class Tokens {
  static final int COUNT = 256;

  /** The longest name that the kernel takes and its type: KSYM_NAME_LEN. */
  static final int MAX_NAME = 512;

  private static final int LONGEST = 1024;

  private final byte[] text;
  private final int[] start = new int[COUNT];

  /** Where it ends; in front of its start where the table is damaged. */
  private final int[] end = new int[COUNT];

  private int damaged;

  private Tokens(byte[] text) {
    this.text = text;
  }

  /** Reads {@code kallsyms_token_index} and {@code kallsyms_token_table}. */
  static Tokens of(KernelReader in, long index, long table) throws VmcoreException {
    byte[] raw = in.bytes(index, 2 * COUNT, "kallsyms_token_index");
    for (int i = 1; i < COUNT; i++) {
      if (in.uint16(raw, 2 * i) <= in.uint16(raw, 2 * i - 2)) {
        throw in.fault(index + 2L * i, "kallsyms_token_index", "doesn't ascend");
      }
    }
    int last = in.uint16(raw, 2 * COUNT - 2);
    Tokens tokens = new Tokens(in.upTo(table, last + LONGEST));
    if (tokens.text.length <= last) {
      throw in.unreadable(table + tokens.text.length, "kallsyms_token_table");
    }
    for (int i = 0; i < COUNT; i++) {
      int from = in.uint16(raw, 2 * i);
      tokens.set(i, from, i + 1 < COUNT ? in.uint16(raw, 2 * i + 2) - 1 : tokens.end(from));
    }
    return tokens;
  }

  /** Where the token at {@code from} has its NUL. */
  private int end(int from) {
    int to = from;
    while (to < text.length - 1 && text[to] != 0) {
      to++;
    }
    return to;
  }

  private void set(int token, int from, int to) {
    boolean isText = text[to] == 0;
    for (int at = from; at < to; at++) {
      isText &= text[at] > ' ' && text[at] <= '~';
    }
    start[token] = from;
    end[token] = isText ? to : from - 1;
    damaged += isText ? 0 : 1;
  }

  /** How many of them are no text. */
  int damaged() {
    return damaged;
  }

  /**
   * Expands a name, of which the first character is the type.
   *
   * @param known when the name's start is that of none of these, the rest isn't expanded
   * @param out of {@link #MAX_NAME} bytes
   * @return how long it is; −1 when it is none of them, or none at all
   */
  int expand(byte[] bytes, int from, int count, KnownNames known, byte[] out) {
    int looked = KnownNames.looked();
    int length = 0;
    for (int i = from; i < from + count; i++) {
      int token = bytes[i] & 0xff;
      if (end[token] < start[token]) {
        return -1;
      }
      for (int at = start[token]; at < end[token]; at++) {
        if (length == MAX_NAME || (length == looked && !known.mayBe(out))) {
          return -1;
        }
        out[length++] = text[at];
      }
    }
    return length >= looked ? length : -1;
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
      if (end[token] < start[token]) {
        return -1;
      }
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
