package org.vmcore.gdb;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.vmcore.elf.Register;
import org.vmcore.kernel.tasks.Task;

/**
 * A thread as gdb sees it: a task or, where a kernel's tasks can't be had, a CPU by its registers.
 *
 * @param id its number for gdb, positive, of no other thread: the pid of most tasks, as {@link
 *     KernelThreads} tells
 * @param name the task's name, each byte one character
 * @param cpu on which it ran
 * @param task the task; empty where only a CPU's registers are known
 * @param noteRegisters the registers of a CPU without a task; none of a task
 */
public record KernelThread(
    int id, String name, OptionalInt cpu, Optional<Task> task, List<Register> noteRegisters) {
  /** An unmodifiable copy of the registers is kept. */
  public KernelThread {
    noteRegisters = List.copyOf(noteRegisters);
  }

  /** What is told of it beside its name: {@code S, CPU 1}, {@code R, running on CPU 0}. */
  public String describe() {
    String where =
        (isRunning() ? "running on CPU " : "CPU ") + (cpu.isPresent() ? cpu.getAsInt() : "?");
    return task.isPresent() ? task.get().state() + ", " + where : where;
  }

  /** Whether a CPU ran it. */
  public boolean isRunning() {
    return task.isEmpty() || task.get().isRunning();
  }
}
