package org.vmcore.kernel.tasks;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.tasks.Task.Found;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/**
 * The tasks of a kernel. They are found by the lists of tasks and by the table of pids, and by the
 * CPUs' run queues, so that damage to one of them loses nobody.
 *
 * <p>Each method throws a {@link VmcoreException} when the dump is closed or its file fails.
 */
public final class Tasks {
  /** PANIC_CPU_INVALID. */
  private static final int NO_CPU = -1;

  private final KernelObjects objects;
  private final TaskGaps gaps = new TaskGaps();
  private @Nullable CpuTasks cpus;
  private @Nullable TaskReader reader;
  private @Nullable Map<Long, Task> all;

  private Tasks(KernelObjects objects) {
    this.objects = objects;
  }

  /** The tasks in {@code objects}. Nothing is read before it is asked for. */
  public static Tasks of(KernelObjects objects) {
    return new Tasks(objects);
  }

  /**
   * All of them: the CPUs' idle tasks in the order of CPUs, then by pid.
   *
   * @throws VmcoreException also when the kernel's types don't tell what a task is
   */
  public synchronized List<Task> all() throws VmcoreException {
    List<Task> tasks = new ArrayList<>(tasks().values());
    tasks.sort(Tasks::compare);
    return tasks;
  }

  private static int compare(Task a, Task b) {
    if (a.isIdle() && b.isIdle()) {
      return Integer.compare(a.cpu().orElse(0), b.cpu().orElse(0));
    }
    int byPid = Integer.compare(a.pid(), b.pid());
    return byPid != 0 ? byPid : Long.compareUnsigned(a.address(), b.address());
  }

  /**
   * The task whose struct task_struct is at this kernel virtual address; empty of anything else.
   */
  public synchronized Optional<Task> at(long address) throws VmcoreException {
    Task known = all == null ? null : all.get(address);
    if (known != null) {
      return Optional.of(known);
    }
    if (!cpus().has(address)) {
      return Optional.ofNullable(tasks().get(address));
    }
    try {
      return Optional.of(reader().read(address, running(), Found.CPU).task());
    } catch (VmcoreException e) {
      gaps.task(address, e);
      return Optional.empty();
    }
  }

  /** The tasks of this number: one, but of 0 each CPU's idle task. */
  public synchronized List<Task> withPid(int pid) throws VmcoreException {
    List<Task> found = new ArrayList<>();
    for (Task task : all()) {
      if (task.pid() == pid) {
        found.add(task);
      }
    }
    return found;
  }

  /** The task that {@code cpu} ran. */
  public synchronized Optional<Task> current(int cpu) throws VmcoreException {
    OptionalLong address = cpus().current(cpu);
    return address.isEmpty() ? Optional.empty() : at(address.getAsLong());
  }

  /** The CPUs that have a current task, in order. */
  public synchronized List<Integer> cpuNumbers() throws VmcoreException {
    return new ArrayList<>(cpus().current().keySet());
  }

  /** The CPU that panicked, as the kernel's {@code panic_cpu} or {@code crashing_cpu} has it. */
  public synchronized OptionalInt crashedCpu() throws VmcoreException {
    for (String symbol : new String[] {"panic_cpu", "crashing_cpu"}) {
      OptionalLong address = objects.symbols().addressInKernel(symbol);
      int cpu = address.isEmpty() ? NO_CPU : number(address.getAsLong(), symbol);
      if (cpu >= 0) {
        return OptionalInt.of(cpu);
      }
    }
    return OptionalInt.empty();
  }

  private int number(long address, String symbol) {
    try {
      return (int) objects.reader().u32(address, symbol);
    } catch (VmcoreException e) {
      gaps.add("the CPU that panicked", e);
      return NO_CPU;
    }
  }

  /** The task that the CPU that panicked ran. */
  public synchronized Optional<Task> crashed() throws VmcoreException {
    OptionalInt cpu = crashedCpu();
    return cpu.isEmpty() ? Optional.empty() : current(cpu.getAsInt());
  }

  /** What of the tasks couldn't be had so far: where a list breaks off, and why. */
  public synchronized List<Finding> gaps() {
    return gaps.all();
  }

  private CpuTasks cpus() throws VmcoreException {
    CpuTasks known = cpus;
    if (known == null) {
      known = CpuTasks.of(objects, gaps);
      cpus = known;
    }
    return known;
  }

  private TaskReader reader() throws VmcoreException {
    TaskReader known = reader;
    if (known == null) {
      known = new TaskReader(objects);
      reader = known;
    }
    return known;
  }

  private Set<Long> running() throws VmcoreException {
    return cpus().running();
  }

  private Map<Long, Task> tasks() throws VmcoreException {
    Map<Long, Task> known = all;
    if (known == null) {
      known = read();
      all = known;
    }
    return known;
  }

  private Map<Long, Task> read() throws VmcoreException {
    Map<Long, Task> tasks = new LinkedHashMap<>();
    TaskList lists = new TaskList(objects, gaps);
    Set<Long> table = pidTable();
    Set<Long> list = new LinkedHashSet<>();
    Set<Long> behind = new LinkedHashSet<>();
    long init = objects.address("init_task");
    boolean whole = lists.processes(init, list, behind);
    add(init, Found.CPU, tasks, lists, list);
    addList(table, tasks, lists, list);
    for (long address : table) {
      if (!whole && !list.contains(address)) {
        lists.around(address, behind);
      }
      add(address, list.contains(address) ? Found.EVERYWHERE : Found.PID_TABLE, tasks, lists, list);
    }
    list.addAll(behind);
    addList(table, tasks, lists, list);
    addCpus(cpus().idle(), tasks, lists, list);
    addCpus(cpus().current(), tasks, lists, list);
    return tasks;
  }

  /** Adds those of {@code list}, which grows by the threads of each process. */
  private void addList(Set<Long> table, Map<Long, Task> tasks, TaskList lists, Set<Long> list)
      throws VmcoreException {
    Deque<Long> left = new ArrayDeque<>(list);
    while (!left.isEmpty()) {
      long address = left.poll();
      Found found = table.contains(address) ? Found.EVERYWHERE : Found.LIST;
      Set<Long> threads = new LinkedHashSet<>();
      add(address, found, tasks, lists, threads);
      for (long thread : threads) {
        if (list.add(thread)) {
          left.add(thread);
        }
      }
    }
  }

  private void addCpus(
      Map<Integer, Long> addresses, Map<Long, Task> tasks, TaskList lists, Set<Long> list)
      throws VmcoreException {
    for (long address : addresses.values()) {
      add(address, Found.CPU, tasks, lists, list);
    }
  }

  /** Adds the task at {@code address} to {@code tasks}, those of its process to {@code list}. */
  private void add(long address, Found found, Map<Long, Task> tasks, TaskList lists, Set<Long> list)
      throws VmcoreException {
    if (tasks.containsKey(address) || gaps.has(address)) {
      return;
    }
    try {
      TaskReader.Read read = reader().read(address, running(), found);
      tasks.put(address, read.task());
      if (!read.task().isThread() && !read.task().isIdle() && found != Found.CPU) {
        lists.threads(address, read.signal(), list);
      }
    } catch (VmcoreException e) {
      gaps.task(address, e);
    }
  }

  private Set<Long> pidTable() throws VmcoreException {
    Set<Long> found = new LinkedHashSet<>();
    try {
      new PidTable(objects).tasks(found, gaps);
    } catch (VmcoreException e) {
      gaps.add("the table of pids", e);
    }
    return found;
  }
}
