package org.vmcore.kernel.tasks;

import java.util.OptionalInt;
import org.vmcore.values.Described;

/**
 * A task: a thread of a process, a kernel thread, or a CPU's idle task.
 *
 * @param address kernel virtual, of its struct task_struct
 * @param pid its number, of the thread; 0 of idle tasks
 * @param tgid the number of its process
 * @param ppid the number of its parent process
 * @param comm its name, each byte one character
 * @param state the letter that {@code ps} shows: {@code R}, {@code S}, {@code D} and so on
 * @param cpu on which it runs, or ran last
 * @param isRunning whether it was a CPU's current task
 * @param flags PF_ bits
 * @param mm kernel virtual address of its struct mm_struct; 0 of kernel threads
 * @param stack kernel virtual address at which its kernel stack begins
 * @param found by what
 */
public record Task(
    long address,
    int pid,
    int tgid,
    int ppid,
    String comm,
    char state,
    OptionalInt cpu,
    boolean isRunning,
    long flags,
    long mm,
    long stack,
    Found found) {
  private static final long PF_KTHREAD = 0x20_0000;

  /** By what a task was found. Where a list is damaged, one way lacks tasks that another has. */
  public enum Found {
    /** In the list of tasks and in the table of pids. */
    EVERYWHERE,
    /** Only in the list. */
    LIST,
    /** Only in the table. */
    PID_TABLE,
    /** As a CPU's idle or current task, which are neither in list nor table. */
    CPU
  }

  /** Whether it is a CPU's idle task. */
  public boolean isIdle() {
    return pid == 0;
  }

  /** Whether it is a thread that isn't the first of its process. */
  public boolean isThread() {
    return pid != tgid;
  }

  /** Whether it has no user space. */
  public boolean isKernelThread() {
    return (flags & PF_KTHREAD) != 0 || mm == 0;
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("Task")
        .hex("address", address)
        .add("pid", pid)
        .add("tgid", tgid)
        .add("ppid", ppid)
        .add("comm", comm)
        .add("state", state)
        .add("cpu", cpu)
        .add("isRunning", isRunning)
        .hex("flags", flags)
        .hex("mm", mm)
        .hex("stack", stack)
        .add("found", found)
        .toString();
  }
}
