package org.vmcore.arch;

import java.util.Set;

/**
 * An architecture's own functions between an exception and what it interrupted, or what it ends in:
 * they say nothing of a crash's cause.
 *
 * @param faults those by which an exception takes the kernel down
 * @param entries those by which any code is entered: of interrupts, system calls, CPUs
 */
public record ExceptionPath(Set<String> faults, Set<String> entries) {
  /** That of an architecture of which nothing is known. */
  public static final ExceptionPath NONE = new ExceptionPath(Set.of(), Set.of());

  /** Unmodifiable copies of the names are kept. */
  public ExceptionPath {
    faults = Set.copyOf(faults);
    entries = Set.copyOf(entries);
  }

  /** Names with blanks between them. */
  static ExceptionPath of(String faults, String entries) {
    return new ExceptionPath(Set.of(faults.split("\\s+")), Set.of(entries.split("\\s+")));
  }
}
