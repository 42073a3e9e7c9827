package org.vmcore.kernel.crash;

import java.util.Optional;
import java.util.OptionalInt;
import org.vmcore.kernel.oops.TaskName;
import org.vmcore.kernel.tasks.Task;

/**
 * Who is at fault, with its task where memory has it.
 *
 * @param task empty where only the log names it, or it is no task
 */
record Suspect(Guilty guilty, Optional<Task> task) {
  static Suspect of(Task task, String why, boolean isCertain) {
    OptionalInt cpu = task.cpu();
    Guilty guilty = new Guilty(cpu, Optional.of(Evidence.name(task)), why, isCertain);
    return new Suspect(guilty, Optional.of(task));
  }

  /** As the log alone tells. */
  static Suspect of(OptionalInt cpu, Optional<TaskName> task, String why) {
    return new Suspect(new Guilty(cpu, task, why, false), Optional.empty());
  }
}
