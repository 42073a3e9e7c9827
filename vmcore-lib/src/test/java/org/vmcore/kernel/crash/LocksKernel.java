package org.vmcore.kernel.crash;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.elf.Register;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.stacks.Frame;
import org.vmcore.kernel.stacks.Stack;
import org.vmcore.kernel.symbols.Symbol;
import org.vmcore.kernel.tasks.Task;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.TasksKernel;

/** A dump of a kernel with tasks that hold and want locks; the stacks are made by hand. */
final class LocksKernel {
  static final int STACK_SIZE = 0x4000;
  static final int UNINTERRUPTIBLE = 2;

  final TasksKernel kernel = new TasksKernel();
  private final Map<Long, Long> stacks = new HashMap<>();
  private final Map<Long, List<Frame>> frames = new HashMap<>();

  /** What is asked of the evidence. */
  interface Question<T> {
    T ask(Evidence evidence) throws VmcoreException;
  }

  /** A process with a stack; its address. */
  long task(int pid, String comm) {
    long task = kernel.process(pid, comm);
    long stack = kernel.room(STACK_SIZE);
    kernel.memory().u64(task + 24, stack);
    stacks.put(task, stack);
    return task;
  }

  /** A process that ran on {@code cpu}. */
  long running(int pid, String comm, int cpu) {
    long task = task(pid, comm);
    kernel.running(cpu, task);
    return task;
  }

  /** Its stack: the innermost frame first. */
  void stack(long task, Frame... innermostFirst) {
    frames.put(task, List.of(innermostFirst));
  }

  static Frame frame(String symbol, long start, Register... registers) {
    Symbol function = new Symbol(symbol, start, 't', OptionalLong.empty(), Optional.empty());
    return new Frame(
        start + 0x10,
        0,
        Optional.of(function),
        Optional.empty(),
        true,
        registers.length > 0,
        List.of(registers));
  }

  /** A mutex that {@code owner} holds, 0 for nobody; its address. */
  long mutex(long owner) {
    long mutex = kernel.room(0x40);
    kernel.memory().u64(mutex, owner).u64(mutex + 16, mutex + 16).u64(mutex + 24, mutex + 16);
    return mutex;
  }

  /** An rw_semaphore with this owner's word. */
  long semaphore(long owner) {
    long semaphore = kernel.room(0x40);
    long list = semaphore + 24;
    kernel.memory().u64(semaphore + 8, owner).u64(list, list).u64(list + 8, list);
    return semaphore;
  }

  /** These tasks wait for the mutex, in this order. */
  void wait(long mutex, long... tasks) {
    link(mutex, mutex + 16, tasks);
  }

  void waitForSemaphore(long semaphore, long... tasks) {
    link(semaphore, semaphore + 24, tasks);
  }

  private void link(long lock, long head, long... tasks) {
    List<Long> waiters = new ArrayList<>();
    for (long task : tasks) {
      long stack = stackOf(task);
      kernel.memory().u64(stack + 0x3000, lock).u64(stack + 0x3110, task);
      kernel.state(task, UNINTERRUPTIBLE, 0);
      waiters.add(stack + 0x3100);
    }
    long before = head;
    for (long waiter : waiters) {
      kernel.memory().u64(before, waiter).u64(waiter + 8, before);
      before = waiter;
    }
    kernel.memory().u64(before, head).u64(head + 8, before);
  }

  /** Where the stack of a task begins. */
  long stackOf(long task) {
    return stacks.getOrDefault(task, 0L);
  }

  <T> T ask(Path file, Question<T> question) throws Exception {
    try (Vmcore vmcore = Vmcore.open(kernel.dump().writeTo(file))) {
      Kernel opened = Kernel.of(vmcore);
      return question.ask(new Evidence(opened.objects(), opened.tasks(), new ByHand()));
    }
  }

  /** The stacks as they were made. */
  private final class ByHand implements Evidence.Unwinding {
    @Override
    public Stack of(Task task) {
      List<Frame> own = frames.getOrDefault(task.address(), List.of());
      return new Stack(task.pid(), Optional.of(task), own, Optional.empty(), List.of());
    }

    @Override
    public Optional<Stack> crashed() {
      return Optional.empty();
    }

    @Override
    public long size() {
      return 16 << 10;
    }
  }
}
