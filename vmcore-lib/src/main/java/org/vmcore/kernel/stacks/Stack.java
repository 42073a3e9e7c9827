package org.vmcore.kernel.stacks;

import java.util.List;
import java.util.Optional;
import org.vmcore.elf.Register;
import org.vmcore.kernel.tasks.Task;
import org.vmcore.memory.Finding;

/**
 * The kernel stack of a task.
 *
 * @param pid whose it is
 * @param task whose it is; empty where only a CPU's registers were given
 * @param frames the innermost first
 * @param brokenOff why there are no more frames though the stack doesn't end here: an error where
 *     something is damaged or lost, a warning where it was left out of the dump or isn't known;
 *     empty where the stack ends as it should
 * @param userRegisters with what the task came from user space; none of a kernel thread, or where
 *     they aren't found
 */
public record Stack(
    int pid,
    Optional<Task> task,
    List<Frame> frames,
    Optional<Finding> brokenOff,
    List<Register> userRegisters) {
  /** Unmodifiable copies of the lists are kept. */
  public Stack {
    frames = List.copyOf(frames);
    userRegisters = List.copyOf(userRegisters);
  }
}
