package org.vmcore.kernel;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Finds the line of a log that tells why the kernel died. */
public final class PanicLine implements Consumer<LogRecord> {
  private static final byte[] PANIC = bytes("Kernel panic - not syncing");

  /** What panics say that follow an oops. */
  private static final byte[] AFTER_OOPS = bytes("Kernel panic - not syncing: Fatal exception");

  /** What an oops begins with. */
  private static final byte[][] OOPSES = {
    bytes("BUG: "),
    bytes("kernel BUG at "),
    bytes("Unable to handle kernel "),
    bytes("Oops: "),
    bytes("Internal error: "),
    bytes("general protection fault"),
    bytes("divide error: "),
    bytes("invalid opcode: ")
  };

  private @Nullable String panic;
  private @Nullable String oops;
  private boolean panicIsOops;

  /** Has been told of no record. */
  public PanicLine() {}

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void accept(LogRecord entry) {
    byte[] text = entry.text();
    if (startsWith(text, PANIC)) {
      panic = line(text);
      panicIsOops = startsWith(text, AFTER_OOPS);
      return;
    }
    for (int i = 0; oops == null && i < OOPSES.length; i++) {
      oops = startsWith(text, OOPSES[i]) ? line(text) : null;
    }
  }

  private static boolean startsWith(byte[] text, byte[] start) {
    for (int i = 0; i < start.length; i++) {
      if (i >= text.length || text[i] != start[i]) {
        return false;
      }
    }
    return true;
  }

  private static String line(byte[] text) {
    int end = 0;
    while (end < text.length && text[end] != '\n') {
      end++;
    }
    return new String(text, 0, end, StandardCharsets.UTF_8);
  }

  /** The line; empty as long as none was told of. */
  public Optional<String> found() {
    return Optional.ofNullable(panic == null || (panicIsOops && oops != null) ? oops : panic);
  }
}
