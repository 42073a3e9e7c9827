package org.vmcore.kernel.log;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the line of a log that tells why the kernel died: that of the panic or, where this only
 * says that an oops was fatal or there is none, the first line of the last oops before it.
 *
 * <p>An oops begins with what happened ({@code BUG: …}), where the kernel knows that, and then says
 * what the CPU made of it ({@code Oops: 0002 [#1] SMP}).
 */
final class PanicLine implements Consumer<LogRecord> {
  private static final byte[] PANIC = bytes("Kernel panic - not syncing");

  /** What is in a panic's line that follows an oops; arm64 has {@code Oops: } in front of it. */
  private static final byte[] AFTER_OOPS = bytes("Fatal exception");

  /** What happened. */
  private static final byte[][] EVENTS = {
    bytes("BUG: "),
    bytes("kernel BUG at "),
    bytes("Unable to handle kernel "),
    bytes("watchdog: BUG: soft lockup"),
  };

  /** What the CPU made of it. */
  private static final byte[][] TRAPS = {
    bytes("Oops: "),
    bytes("Internal error: "),
    bytes("general protection fault"),
    bytes("divide error: "),
    bytes("double fault: "),
    bytes("int3: "),
    bytes("invalid opcode: "),
    bytes("stack segment: "),
  };

  /** What follows the first lines, of an oops as well as of a warning. */
  private static final byte[][] DETAILS = {
    bytes("CPU: "), bytes("Modules linked in:"), bytes("Call Trace:"), bytes("Call trace:"),
  };

  /** A trap more lines than this behind an event is another oops's. */
  private static final int MOST_LINES_BETWEEN = 64;

  private @Nullable String panic;
  private @Nullable String oops;

  /** How many lines may still follow an event before its trap. */
  private int linesLeft;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void accept(LogRecord entry) {
    byte[] text = entry.text();
    for (int from = 0, end; from < text.length; from = end + 1) {
      end = from;
      while (end < text.length && text[end] != '\n') {
        end++;
      }
      line(text, from, end);
    }
  }

  private void line(byte[] text, int from, int end) {
    linesLeft = Math.max(0, linesLeft - 1);
    if (startsWith(text, from, end, PANIC)) {
      boolean isOops = contains(text, from, end, AFTER_OOPS);
      panic = isOops && oops != null ? oops : string(text, from, end);
    } else if (startsWithAny(text, from, end, EVENTS)) {
      oops = string(text, from, end);
      linesLeft = MOST_LINES_BETWEEN;
    } else if (linesLeft == 0 && startsWithAny(text, from, end, TRAPS)) {
      oops = string(text, from, end);
    } else if (linesLeft > 0 && startsWithAny(text, from, end, DETAILS)) {
      linesLeft = 0;
    }
  }

  private static boolean startsWithAny(byte[] text, int from, int end, byte[][] starts) {
    for (byte[] start : starts) {
      if (startsWith(text, from, end, start)) {
        return true;
      }
    }
    return false;
  }

  private static boolean startsWith(byte[] text, int from, int end, byte[] start) {
    if (end - from < start.length) {
      return false;
    }
    for (int i = 0; i < start.length; i++) {
      if (text[from + i] != start[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean contains(byte[] text, int from, int end, byte[] part) {
    for (int at = from; at < end; at++) {
      if (startsWith(text, at, end, part)) {
        return true;
      }
    }
    return false;
  }

  private static String string(byte[] text, int from, int end) {
    return new String(text, from, end - from, StandardCharsets.UTF_8);
  }

  /** The line; empty as long as none was told of. */
  Optional<String> found() {
    return Optional.ofNullable(panic == null ? oops : panic);
  }
}
