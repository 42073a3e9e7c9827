package org.vmcore.kernel.types;

/** The names and indexes of a path, one by one: {@code a}, {@code b}, 2 of {@code a.b[2]}. */
public final class PathSteps {
  private static final int MAX_DIGITS = 9;

  private final String path;
  private int at;
  private int end;

  /** The steps of {@code path}. */
  public PathSteps(String path) {
    this.path = path;
    end = endFrom(0);
  }

  private int endFrom(int from) {
    int to = from;
    while (to < path.length() && path.charAt(to) != '.' && path.charAt(to) != '[') {
      to++;
    }
    return to;
  }

  public boolean hasNext() {
    return at < path.length();
  }

  /** Whether the next step is an index. */
  public boolean isIndex() {
    return path.charAt(at) == '[';
  }

  /** The next step, a member's name; empty where the path has none there. */
  public String name() {
    String name = path.substring(at, end);
    pass(end);
    return name;
  }

  /**
   * The next step, an index.
   *
   * @throws IllegalArgumentException when it is none
   */
  public long index() {
    int close = path.indexOf(']', at);
    int digits = close - at - 1;
    if (close < 0 || digits < 1 || digits > MAX_DIGITS) {
      throw new IllegalArgumentException(path + ": no index in brackets");
    }
    long index = 0;
    for (int i = at + 1; i < close; i++) {
      int digit = path.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw new IllegalArgumentException(path + ": no index in brackets");
      }
      index = index * 10 + digit;
    }
    pass(close + 1);
    return index;
  }

  private void pass(int to) {
    at = to < path.length() && path.charAt(to) == '.' ? to + 1 : to;
    end = endFrom(at);
    boolean isNameless = hasNext() && end == at && !isIndex();
    boolean isCutOff = !hasNext() && to < path.length();
    if (isNameless || isCutOff) {
      throw new IllegalArgumentException(path + ": a member's name is missing");
    }
  }
}
