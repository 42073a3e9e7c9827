package org.vmcore.memory;

import java.util.OptionalLong;
import org.vmcore.values.Described;
import org.vmcore.values.Printable;

/**
 * Something that was seen in a dump and didn't keep it from being opened.
 *
 * @param check what was looked at, in lower case with underscores: {@code program_headers}
 * @param severity how bad it is
 * @param offset the file offset in bytes, when there is one
 * @param message one line for people
 */
public record Finding(String check, Severity severity, OptionalLong offset, String message) {
  /** How bad a finding is. */
  public enum Severity {
    /** As it should be, or worth knowing. */
    INFO,
    /** Unusual; nothing is lost. */
    WARNING,
    /** The dump is damaged: something in it can't be had. */
    ERROR
  }

  /** The message is made printable: parts of it may come out of the dump. */
  public Finding {
    message = Printable.text(message);
  }

  /** A finding worth knowing. */
  public static Finding info(String check, String message) {
    return new Finding(check, Severity.INFO, OptionalLong.empty(), message);
  }

  /** A finding of something unusual at file offset {@code offset}. */
  public static Finding warning(String check, long offset, String message) {
    return new Finding(check, Severity.WARNING, OptionalLong.of(offset), message);
  }

  /** A finding of damage at file offset {@code offset}. */
  public static Finding error(String check, long offset, String message) {
    return new Finding(check, Severity.ERROR, OptionalLong.of(offset), message);
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("Finding")
        .add("check", check)
        .add("severity", severity)
        .hex("offset", offset)
        .add("message", message)
        .toString();
  }
}
