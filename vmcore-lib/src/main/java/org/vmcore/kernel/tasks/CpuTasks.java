package org.vmcore.kernel.tasks;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.objects.PerCpu;
import org.vmcore.memory.VmcoreException;

/** The tasks that each CPU has for itself: the idle one and the current one, by its run queue. */
final class CpuTasks {
  private final Map<Integer, Long> current = new LinkedHashMap<>();
  private final Map<Integer, Long> idle = new LinkedHashMap<>();
  private final Set<Long> running = new HashSet<>();

  private CpuTasks() {}

  /** Those of all CPUs that may exist and have a run queue; {@code gaps} is told of the others. */
  static CpuTasks of(KernelObjects objects, TaskGaps gaps) throws VmcoreException {
    CpuTasks tasks = new CpuTasks();
    PerCpu perCpu = objects.perCpu();
    try {
      long currentAt = objects.offset("rq", "curr");
      long idleAt = objects.offset("rq", "idle");
      for (int cpu : perCpu.possible()) {
        long queue = perCpu.address("runqueues", cpu);
        tasks.put(tasks.current, cpu, objects.reader().word(queue + currentAt, "rq.curr"));
        tasks.put(tasks.idle, cpu, objects.reader().word(queue + idleAt, "rq.idle"));
      }
    } catch (VmcoreException e) {
      gaps.add("the CPUs' run queues", e);
    }
    tasks.running.addAll(tasks.current.values());
    return tasks;
  }

  /** A CPU that never came up has none. */
  private void put(Map<Integer, Long> tasks, int cpu, long address) {
    if (address != 0) {
      tasks.put(cpu, address);
    }
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

  /** The CPU whose current task is at {@code address}. */
  OptionalInt cpuOf(long address) {
    for (Map.Entry<Integer, Long> each : current.entrySet()) {
      if (each.getValue() == address) {
        return OptionalInt.of(each.getKey());
      }
    }
    return OptionalInt.empty();
  }
}
