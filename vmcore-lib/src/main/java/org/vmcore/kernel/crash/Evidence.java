package org.vmcore.kernel.crash;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.oops.CodePlace;
import org.vmcore.kernel.oops.TaskName;
import org.vmcore.kernel.stacks.Frame;
import org.vmcore.kernel.stacks.Stack;
import org.vmcore.kernel.stacks.Stacks;
import org.vmcore.kernel.symbols.Symbol;
import org.vmcore.kernel.tasks.Task;
import org.vmcore.kernel.tasks.Tasks;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/** Tasks, their stacks, and the memory that they point to: what says who is at fault. */
final class Evidence {
  /** No lock lies so far behind the variable that it is in. */
  private static final long MOST_BEHIND = 1 << 16;

  private final KernelObjects objects;
  private final Tasks tasks;
  private final Unwinding stacks;
  private final Map<Long, Stack> known = new HashMap<>();

  /** Gives stacks. */
  interface Unwinding {
    Stack of(Task task) throws VmcoreException;

    /** That of the CPU that crashed, by its registers. */
    Optional<Stack> crashed() throws VmcoreException;

    /** The size of a task's stack in bytes. */
    long size();
  }

  Evidence(KernelObjects objects, Tasks tasks, Unwinding stacks) {
    this.objects = objects;
    this.tasks = tasks;
    this.stacks = stacks;
  }

  static Evidence of(KernelObjects objects, Tasks tasks, Stacks stacks) {
    return new Evidence(
        objects,
        tasks,
        new Unwinding() {
          @Override
          public Stack of(Task task) throws VmcoreException {
            return stacks.of(task);
          }

          @Override
          public Optional<Stack> crashed() throws VmcoreException {
            return stacks.crashed();
          }

          @Override
          public long size() {
            return stacks.size();
          }
        });
  }

  KernelObjects objects() {
    return objects;
  }

  Tasks tasks() {
    return tasks;
  }

  /** Whether {@code address} is on the stack of {@code task}. */
  boolean isOnStack(Task task, long address) {
    return Long.compareUnsigned(address - task.stack(), stacks.size()) < 0;
  }

  /** The bytes of that stack from {@code address} on, which is on it. */
  int sizeOfStack(Task task, long address) {
    return (int) (task.stack() + stacks.size() - address);
  }

  Stack stack(Task task) throws VmcoreException {
    Stack stack = known.get(task.address());
    if (stack == null) {
      stack = stacks.of(task);
      known.put(task.address(), stack);
    }
    return stack;
  }

  /** The stack of the CPU that crashed, by its registers. */
  Optional<Stack> crashed() throws VmcoreException {
    return stacks.crashed();
  }

  /** The task that the log names, if memory has one of this number and name. */
  Optional<Task> task(TaskName name) throws VmcoreException {
    List<Task> found = name.pid() == 0 ? List.of() : tasks.withPid(name.pid());
    for (Task task : found) {
      if (isNamed(task, name)) {
        return Optional.of(task);
      }
    }
    return Optional.empty();
  }

  /**
   * Whether it is called so, or the log has only its number. The log's text is UTF-8, while
   * memory's has a character for each byte.
   */
  private static boolean isNamed(Task task, TaskName name) {
    if (name.comm().isEmpty()) {
      return true;
    }
    byte[] bytes = task.comm().getBytes(StandardCharsets.ISO_8859_1);
    return new String(bytes, StandardCharsets.UTF_8).strip().equals(name.comm().strip());
  }

  /** The tasks that ran on CPUs, {@code but} left out, with CPUs' idle tasks. */
  List<Task> running(Task but) throws VmcoreException {
    List<Task> running = new ArrayList<>();
    for (int cpu : tasks.cpuNumbers()) {
      Optional<Task> task = tasks.current(cpu);
      if (task.isPresent() && task.get().address() != but.address()) {
        running.add(task.get());
      }
    }
    return running;
  }

  static TaskName name(Task task) {
    return new TaskName(task.comm(), task.pid());
  }

  static Optional<CodePlace> place(Frame frame) {
    if (frame.symbol().isEmpty()) {
      return Optional.empty();
    }
    Symbol symbol = frame.symbol().get();
    long size = symbol.size().orElse(0);
    return Optional.of(new CodePlace(symbol.name(), frame.offset(), size, symbol.module()));
  }

  /**
   * The name of the function of {@code frame}, without what compilers add to it ({@code .part.0},
   * {@code .constprop.0}); empty without one.
   */
  static String function(Frame frame) {
    String name = frame.symbol().isPresent() ? frame.symbol().get().name() : "";
    int dot = name.indexOf('.', 1);
    return dot < 0 ? name : name.substring(0, dot);
  }

  /**
   * {@code fx_spin (0xffffffffc021f6c0)}: the variable that {@code address} is in, where it is one.
   */
  String named(long address) throws VmcoreException {
    Optional<Symbol> symbol = objects.symbols().nearest(address);
    long behind = symbol.isEmpty() ? MOST_BEHIND : address - symbol.get().address();
    if (behind < 0 || behind >= most(symbol)) {
      return Hex.of(address);
    }
    String offset = behind == 0 ? "" : "+" + Hex.of(behind);
    return symbol.orElseThrow().name() + offset + " (" + Hex.of(address) + ")";
  }

  private static long most(Optional<Symbol> symbol) {
    return symbol.isEmpty() ? 0 : Math.min(symbol.get().size().orElse(MOST_BEHIND), MOST_BEHIND);
  }
}
