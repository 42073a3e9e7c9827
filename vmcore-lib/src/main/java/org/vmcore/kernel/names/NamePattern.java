package org.vmcore.kernel.names;

import java.nio.charset.StandardCharsets;

/**
 * What the name of a symbol has to be: itself, or a shell pattern of {@code *}, {@code ?} and
 * {@code [a-z]}, {@code [!a-z]}.
 */
public final class NamePattern {
  /** Every name. */
  public static final NamePattern ANY = glob("*");

  private final byte[] pattern;

  /** How many bytes at the start stand for themselves. */
  private final int literal;

  private NamePattern(byte[] pattern, int literal) {
    this.pattern = pattern;
    this.literal = literal;
  }

  public static NamePattern exactly(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    return new NamePattern(bytes, bytes.length);
  }

  public static NamePattern glob(String pattern) {
    byte[] bytes = pattern.getBytes(StandardCharsets.UTF_8);
    int literal = 0;
    while (literal < bytes.length && !isSpecial(bytes[literal])) {
      literal++;
    }
    return new NamePattern(bytes, literal);
  }

  public static boolean isGlob(String pattern) {
    for (int i = 0; i < pattern.length(); i++) {
      if (pattern.charAt(i) < 0x80 && isSpecial((byte) pattern.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSpecial(byte c) {
    return c == '*' || c == '?' || c == '[';
  }

  /** The bytes that a name begins with; all of it when {@link #isExact}. */
  public byte[] bytes() {
    return pattern;
  }

  /** How many of {@link #bytes} those are. */
  public int literal() {
    return literal;
  }

  public boolean isExact() {
    return literal == pattern.length;
  }

  /** Whether {@code length} bytes of {@code name} from {@code from} on are such a name. */
  public boolean matches(byte[] name, int from, int length) {
    if (length < literal || (isExact() && length != literal)) {
      return false;
    }
    for (int i = 0; i < literal; i++) {
      if (name[from + i] != pattern[i]) {
        return false;
      }
    }
    return isExact() || globs(name, from + literal, from + length);
  }

  /** Goes back to the last star at most, so that the time is bounded by the product of lengths. */
  private boolean globs(byte[] name, int from, int end) {
    int at = from;
    int p = literal;
    int star = -1;
    int starAt = 0;
    while (at < end) {
      if (p < pattern.length && pattern[p] == '*') {
        star = ++p;
        starAt = at;
        continue;
      }
      int next = p < pattern.length ? one(p, name[at] & 0xff) : -1;
      if (next >= 0) {
        p = next;
        at++;
      } else if (star >= 0) {
        p = star;
        at = ++starAt;
      } else {
        return false;
      }
    }
    while (p < pattern.length && pattern[p] == '*') {
      p++;
    }
    return p == pattern.length;
  }

  /** Behind the element at {@code p} when it stands for {@code c}, else −1. */
  private int one(int p, int c) {
    if (pattern[p] == '?') {
      return p + 1;
    }
    if (pattern[p] != '[') {
      return (pattern[p] & 0xff) == c ? p + 1 : -1;
    }
    int close = close(p);
    if (close < 0) {
      return c == '[' ? p + 1 : -1;
    }
    boolean negated = pattern[p + 1] == '!' || pattern[p + 1] == '^';
    return inSet(negated ? p + 2 : p + 1, close, c) == negated ? -1 : close + 1;
  }

  /** The bracket that ends the set which begins at {@code p}; a first one is a member of it. */
  private int close(int p) {
    int first = p + 1;
    if (first < pattern.length && (pattern[first] == '!' || pattern[first] == '^')) {
      first++;
    }
    for (int i = first + 1; i < pattern.length; i++) {
      if (pattern[i] == ']') {
        return i;
      }
    }
    return -1;
  }

  private boolean inSet(int from, int close, int c) {
    for (int i = from; i < close; i++) {
      int low = pattern[i] & 0xff;
      boolean range = i + 2 < close && pattern[i + 1] == '-';
      int high = range ? pattern[i + 2] & 0xff : low;
      if (low <= c && c <= high) {
        return true;
      }
      i += range ? 2 : 0;
    }
    return false;
  }
}
