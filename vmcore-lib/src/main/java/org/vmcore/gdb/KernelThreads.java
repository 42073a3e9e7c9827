package org.vmcore.gdb;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.vmcore.elf.PrStatus;
import org.vmcore.elf.Register;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.stacks.Stack;
import org.vmcore.kernel.tasks.Task;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/**
 * The threads of a crashed kernel, for gdb: the task that crashed first, then the other CPUs'
 * current tasks, then all others by pid.
 *
 * <p>A thread's number is its pid. All idle tasks have the pid 0, and gdb knows no thread of that
 * number: that of CPU n is {@link #IDLE} + n. A pid that no kernel gives, or that another task has
 * already, becomes a number from {@link #OTHER} on.
 */
public final class KernelThreads {
  /** The number of CPU 0's idle task; those of the others follow. */
  public static final int IDLE = 10_000_000;

  /** From here on are the numbers of tasks whose pid can't be taken. */
  public static final int OTHER = 20_000_000;

  /** PID_MAX_LIMIT: no pid is as large. */
  private static final int PID_MAX = 1 << 22;

  private final Kernel kernel;
  private final List<KernelThread> all = new ArrayList<>();
  private final Map<Integer, KernelThread> byId = new HashMap<>();
  private final Optional<Finding> gap;

  private KernelThreads(Kernel kernel) throws VmcoreException {
    this.kernel = kernel;
    this.gap = find();
  }

  /**
   * The threads of {@code kernel}. Where its tasks can't be had, its CPUs as far as notes tell of
   * their registers.
   *
   * @throws VmcoreException when there are neither, the dump is closed, or its file fails
   */
  public static KernelThreads of(Kernel kernel) throws VmcoreException {
    KernelThreads threads = new KernelThreads(kernel);
    if (threads.all.isEmpty() && threads.gap.isPresent()) {
      throw VmcoreException.of(kernel.memory().source(), threads.gap.get().message());
    }
    return threads;
  }

  /** All of them, at least one. */
  public List<KernelThread> all() {
    return List.copyOf(all);
  }

  /** The thread of this number. */
  public Optional<KernelThread> find(int id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** What of the tasks couldn't be had. */
  public List<Finding> gaps() throws VmcoreException {
    List<Finding> gaps = new ArrayList<>(kernel.tasks().gaps());
    gap.ifPresent(gaps::add);
    return gaps;
  }

  /**
   * The registers that are known of {@code thread}, by the names of {@code struct pt_regs}: all of
   * a CPU's current task, those that a switch saves of another one; none where they can't be had.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public List<Register> registers(KernelThread thread) throws VmcoreException {
    return thread.task().isPresent()
        ? kernel.stacks().registers(thread.task().get())
        : thread.noteRegisters();
  }

  private Optional<Finding> find() throws VmcoreException {
    try {
      List<Task> tasks = kernel.tasks().all();
      if (!tasks.isEmpty()) {
        addAll(tasks);
        return Optional.empty();
      }
    } catch (VmcoreException e) {
      addCpus();
      return Optional.of(warning("no tasks, only CPUs: " + e.reason()));
    }
    addCpus();
    return Optional.of(warning("no tasks are found, only CPUs"));
  }

  private static Finding warning(String message) {
    return new Finding("threads", Finding.Severity.WARNING, OptionalLong.empty(), message);
  }

  private void addAll(List<Task> tasks) throws VmcoreException {
    Optional<Task> crashed = kernel.stacks().crashed().flatMap(Stack::task);
    crashed.ifPresent(this::add);
    for (int cpu : kernel.tasks().cpuNumbers()) {
      Optional<Task> current = kernel.tasks().current(cpu);
      if (current.isPresent() && !isSame(current.get(), crashed)) {
        add(current.get());
      }
    }
    for (Task task : tasks) {
      if (!task.isRunning() && !isSame(task, crashed)) {
        add(task);
      }
    }
  }

  private static boolean isSame(Task task, Optional<Task> other) {
    return other.isPresent() && other.get().address() == task.address();
  }

  private void add(Task task) {
    int number = task.isIdle() ? IDLE + task.cpu().orElse(0) : task.pid();
    boolean isPid =
        task.isIdle() ? number >= IDLE && number < OTHER : number > 0 && number < PID_MAX;
    add(
        new KernelThread(
            isPid ? free(number) : free(OTHER),
            task.comm(),
            task.cpu(),
            Optional.of(task),
            List.of()));
  }

  private int free(int wanted) {
    if (!byId.containsKey(wanted)) {
      return wanted;
    }
    int number = OTHER + byId.size();
    while (byId.containsKey(number)) {
      number++;
    }
    return number;
  }

  private void addCpus() throws VmcoreException {
    List<PrStatus> cpus = kernel.stacks().cpus();
    for (int i = 0; i < cpus.size(); i++) {
      PrStatus cpu = cpus.get(i);
      boolean isPid = cpu.pid() > 0 && cpu.pid() < PID_MAX;
      add(
          new KernelThread(
              free(isPid ? cpu.pid() : IDLE + i),
              "CPU of note " + i,
              OptionalInt.empty(),
              Optional.empty(),
              cpu.registers()));
    }
  }

  private void add(KernelThread thread) {
    all.add(thread);
    byId.put(thread.id(), thread);
  }
}
