package org.vmcore.cli.map;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.vmcore.cli.output.Console;

/** How many characters a line of the terminal has. */
final class Columns {
  private static final int DEFAULT = 80;
  private static final int MOST = 1024;

  private Columns() {}

  /** What COLUMNS says, else the terminal, if stdout is one; else 80. */
  static int of(Console console) {
    int columns = number(System.getenv().getOrDefault("COLUMNS", ""));
    if (columns == 0 && console.isOutTerminal()) {
      columns = asked();
    }
    return columns == 0 ? DEFAULT : columns;
  }

  private static int number(String text) {
    boolean isNumber = !text.isEmpty() && text.length() < 5;
    for (int i = 0; i < text.length(); i++) {
      isNumber &= text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    return isNumber ? Math.min(Integer.parseInt(text), MOST) : 0;
  }

  /** Java doesn't tell the size of a terminal; stty does, in rows and columns. */
  private static int asked() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return number(size.strip().substring(size.strip().indexOf(' ') + 1));
    } catch (IOException e) {
      return 0;
    }
  }
}
