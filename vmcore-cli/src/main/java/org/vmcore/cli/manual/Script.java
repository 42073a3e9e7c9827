package org.vmcore.cli.manual;

import java.nio.charset.StandardCharsets;
import org.vmcore.cli.output.Console;

/** Text that is made line by line. */
final class Script {
  private final StringBuilder text = new StringBuilder();

  /** Adds a line. */
  Script line(String... parts) {
    for (String part : parts) {
      text.append(part);
    }
    text.append('\n');
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }

  /** Prints {@code text} as it is. */
  static void print(Console console, String text) {
    console.out().bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** {@code text} as one word of a POSIX shell, and of zsh. */
  static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
