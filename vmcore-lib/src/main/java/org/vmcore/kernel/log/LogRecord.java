package org.vmcore.kernel.log;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.values.Described;
import org.vmcore.values.Printable;

/**
 * A record of the kernel's log.
 *
 * @param seq its number since the boot, where the log keeps it
 * @param nanoseconds since the boot; 0 where the log doesn't tell, see {@link #isTimed}
 * @param facility syslog's: 0 is the kernel
 * @param level syslog's: 0 emergency to 7 debug; 0 where the log doesn't tell, see {@link
 *     #isLeveled}
 * @param isContinuation whether it goes on with the record before it
 * @param caller who wrote it, where the log keeps it: {@code T1} for thread 1, {@code C0} for CPU 0
 * @param isTextLost whether the kernel had no room for its text, where the log tells
 * @param text its bytes as they are; a newline may be among them
 * @param plain the line that it was made of, in the log of a kernel before 3.5
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; a log has many of them
public record LogRecord(
    OptionalLong seq,
    long nanoseconds,
    int facility,
    int level,
    boolean isContinuation,
    Optional<String> caller,
    boolean isTextLost,
    byte[] text,
    Optional<PlainLine> plain) {
  private static final long ON_CPU = 0x8000_0000L;

  /**
   * Of a record as the kernel keeps it: level and flags share the byte behind the facility.
   *
   * @param lines of the records before it
   */
  static LogRecord of(
      OptionalLong seq,
      long nanoseconds,
      int facility,
      int levelAndFlags,
      boolean bigEndian,
      Optional<String> caller,
      boolean isTextLost,
      byte[] text,
      LineEnds lines) {
    int level = bigEndian ? levelAndFlags & 7 : levelAndFlags >> 5;
    int flags = bigEndian ? levelAndFlags >> 3 : levelAndFlags & 0x1f;
    return new LogRecord(
        seq,
        nanoseconds,
        facility,
        level,
        lines.goesOn(flags, caller),
        caller,
        isTextLost,
        text,
        Optional.empty());
  }

  /** Whether the log tells its time: only of kernels before 3.5 it may not. */
  public boolean isTimed() {
    return plain.isEmpty() || plain.get().hasTime();
  }

  /** Whether the log tells its level and facility: only of kernels before 3.5 it may not. */
  public boolean isLeveled() {
    return plain.isEmpty() || plain.get().hasLevel();
  }

  /** {@code caller_id}: bit 31 tells a CPU from a thread. */
  static String caller(long id) {
    return (id & ON_CPU) != 0 ? "C" + (id & ~ON_CPU) : "T" + id;
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("LogRecord")
        .add("seq", seq)
        .add("nanoseconds", nanoseconds)
        .add("facility", facility)
        .add("level", level)
        .add("isContinuation", isContinuation)
        .add("caller", caller)
        .add("isTextLost", isTextLost)
        .add("text", Printable.text(new String(text, StandardCharsets.UTF_8)))
        .add("plain", plain)
        .toString();
  }
}
