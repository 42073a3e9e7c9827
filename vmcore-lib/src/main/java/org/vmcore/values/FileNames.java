package org.vmcore.values;

/** Names out of a dump made fit to be part of a file's name. */
public final class FileNames {
  private static final int LONGEST = 64;

  private FileNames() {}

  /**
   * {@code name} with each character but ASCII's letters and digits, {@code .}, {@code _}, {@code
   * -} and {@code +} as a {@code _}, without dots and dashes in front, and at most 64 characters
   * long. Empty where nothing is left: then the caller has to have a name of its own.
   */
  public static String safe(String name) {
    StringBuilder safe = new StringBuilder();
    name.codePoints().limit(LONGEST).forEach(c -> safe.append(isSafe(c) ? (char) c : '_'));
    int start = 0;
    while (start < safe.length() && (safe.charAt(start) == '.' || safe.charAt(start) == '-')) {
      start++;
    }
    return safe.substring(start);
  }

  private static boolean isSafe(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "._-+".indexOf(c) >= 0;
  }
}
