package org.vmcore.kernel.stacks;

import java.util.List;
import java.util.Optional;
import org.vmcore.elf.Register;
import org.vmcore.kernel.tasks.Task;

/**
 * The kernel stack of a task.
 *
 * @param task whose it is
 * @param frames the innermost first
 * @param brokenOff why there are no more frames though the stack doesn't end here, in one line;
 *     empty where it ends as it should
 * @param userRegisters with what the task came from user space; none of a kernel thread, or where
 *     they aren't found
 */
public record Stack(
    Task task, List<Frame> frames, Optional<String> brokenOff, List<Register> userRegisters) {
  /** Unmodifiable copies of the lists are kept. */
  public Stack {
    frames = List.copyOf(frames);
    userRegisters = List.copyOf(userRegisters);
  }
}
