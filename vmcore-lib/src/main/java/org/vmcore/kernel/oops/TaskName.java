package org.vmcore.kernel.oops;

import java.util.Optional;

/**
 * A task as the log names it.
 *
 * @param comm its name
 * @param pid its number
 */
public record TaskName(String comm, int pid) {
  /** Of {@code comm:pid}; the name may have colons, too. */
  static Optional<TaskName> of(String text) {
    int colon = text.lastIndexOf(':');
    int pid = colon < 0 ? -1 : Text.decimal(text, colon + 1);
    return pid < 0 ? Optional.empty() : Optional.of(new TaskName(text.substring(0, colon), pid));
  }

  @Override
  public String toString() {
    return comm + ":" + pid;
  }
}
