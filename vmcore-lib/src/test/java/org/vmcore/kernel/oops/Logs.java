package org.vmcore.kernel.oops;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A log, written line by line, a second each. */
final class Logs {
  private static final long SECOND = 1_000_000_000L;

  private final CrashLines lines = new CrashLines();
  private Optional<String> caller = Optional.empty();
  private long seconds;

  static CrashReport of(String... lines) {
    return new Logs().log(lines).report();
  }

  /** The lines that follow are of this writer. */
  Logs by(String writer) {
    caller = Optional.of(writer);
    return this;
  }

  Logs log(String... texts) {
    for (String text : texts) {
      record(0, false, text);
    }
    return this;
  }

  Logs ofProgram(String text) {
    return record(1, false, text);
  }

  Logs goOn(String text) {
    return record(0, true, text);
  }

  Logs after(long more) {
    seconds += more;
    return this;
  }

  private Logs record(int facility, boolean isContinuation, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    lines.record(SECOND * ++seconds, facility, isContinuation, caller, bytes);
    return this;
  }

  CrashReport report() {
    return lines.report();
  }
}
