package org.vmcore.cli.several;

import java.util.Optional;

/**
 * What came of one of several dumps.
 *
 * @param file the dump
 * @param value what was made of it
 * @param status its exit status
 * @param failure why there is none
 */
public record Outcome<T>(DumpFile file, Optional<T> value, int status, Optional<String> failure) {
  /** Why there is none, without the file's name in front. */
  public String reason() {
    String line = failure.orElse("");
    String prefix = file.name() + ": ";
    return line.startsWith(prefix) ? line.substring(prefix.length()) : line;
  }
}
