package org.vmcore.cli.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a descriptor of this process leads to, as /proc tells it. (The JVM's own console looks at
 * standard input and output together.)
 */
enum Descriptor {
  TERMINAL,
  PIPE,
  OTHER;

  /** What descriptor {@code number} is; {@link #OTHER} where there is no /proc. */
  static Descriptor of(int number) {
    try {
      return of(Files.readSymbolicLink(Path.of("/proc/self/fd/" + number)).toString());
    } catch (IOException | UnsupportedOperationException e) {
      return OTHER;
    }
  }

  private static Descriptor of(String target) {
    if (target.startsWith("pipe:") || target.startsWith("socket:")) {
      return PIPE;
    }
    boolean terminal =
        target.startsWith("/dev/pts/")
            || target.startsWith("/dev/tty")
            || target.startsWith("/dev/console");
    return terminal ? TERMINAL : OTHER;
  }
}
