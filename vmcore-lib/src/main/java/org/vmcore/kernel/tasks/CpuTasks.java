package org.vmcore.kernel.tasks;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.memory.VmcoreException;

/** The tasks that each CPU has for itself: the idle one and the current one, by its run queue. */
final class CpuTasks {
  private final Map<Integer, Long> current = new LinkedHashMap<>();
  private final Map<Integer, Long> idle = new LinkedHashMap<>();
  private final Set<Long> running = new HashSet<>();

  private CpuTasks() {}

  /** Those of all CPUs that are present; {@code gaps} is told of run queues that can't be read. */
  static CpuTasks of(KernelObjects objects, TaskGaps gaps) throws VmcoreException {
    CpuTasks tasks = new CpuTasks();
    try {
      long currentAt = objects.offset("rq", "curr");
      long idleAt = objects.offset("rq", "idle");
      for (int cpu : objects.perCpu().present()) {
        tasks.read(objects, cpu, currentAt, idleAt, gaps);
      }
    } catch (VmcoreException e) {
      gaps.add("the CPUs' run queues", e);
    }
    tasks.running.addAll(tasks.current.values());
    return tasks;
  }

  private void read(KernelObjects objects, int cpu, long currentAt, long idleAt, TaskGaps gaps) {
    try {
      long queue = objects.perCpu().address("runqueues", cpu);
      put(current, cpu, objects.reader().word(queue + currentAt, "rq.curr"));
      put(idle, cpu, objects.reader().word(queue + idleAt, "rq.idle"));
    } catch (VmcoreException e) {
      gaps.add("the run queue of CPU " + cpu, e);
    }
  }

  private static void put(Map<Integer, Long> tasks, int cpu, long address) {
    if (address != 0) {
      tasks.put(cpu, address);
    }
  }

  /** Whether the task at {@code address} is a CPU's current or idle one. */
  boolean has(long address) {
    return running.contains(address) || idle.containsValue(address);
  }

  /** The current task of each CPU, by its address. */
  Map<Integer, Long> current() {
    return current;
  }

  /** The addresses of the current tasks. */
  Set<Long> running() {
    return running;
  }

  /** The idle task of each CPU, by its address. */
  Map<Integer, Long> idle() {
    return idle;
  }

  OptionalLong current(int cpu) {
    Long address = current.get(cpu);
    return address == null ? OptionalLong.empty() : OptionalLong.of(address);
  }
}
