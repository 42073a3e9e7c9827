package org.vmcore.kernel.tasks;

import java.util.OptionalLong;
import org.vmcore.memory.Finding;

/** What of tasks can't be had. */
final class TaskGaps {
  private TaskGaps() {}

  static Finding of(String message) {
    return new Finding("tasks", Finding.Severity.WARNING, OptionalLong.empty(), message);
  }
}
