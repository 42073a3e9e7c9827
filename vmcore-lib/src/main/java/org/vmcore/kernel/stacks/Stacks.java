package org.vmcore.kernel.stacks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.arch.KernelMachine;
import org.vmcore.arch.Machine;
import org.vmcore.elf.PrStatus;
import org.vmcore.elf.Register;
import org.vmcore.kernel.modules.LoadedModule;
import org.vmcore.kernel.modules.Modules;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.reading.Unreadable;
import org.vmcore.kernel.symbols.Symbol;
import org.vmcore.kernel.tasks.Task;
import org.vmcore.kernel.tasks.Tasks;
import org.vmcore.kernel.unwind.BrokenStack;
import org.vmcore.kernel.unwind.StackRange;
import org.vmcore.kernel.unwind.Trace;
import org.vmcore.kernel.unwind.Trace.Step;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;

/**
 * The stacks of a kernel's tasks: on x86_64 by the ORC tables in the dump, on arm64 by frame
 * records, on others by the chain of frames that they keep. A task that ran begins with its CPU's
 * registers, any other where it went to sleep.
 */
public final class Stacks {
  private static final List<String> CRASHING =
      List.of("__crash_kexec", "crash_kexec", "panic", "vpanic", "oops_end", "die");

  private final StackKernel kernel;
  private final Tasks tasks;
  private final Machine machine;
  private final Optional<Unwinder> unwinder;
  private final Optional<CpuNotes> notes;
  private final long stackSize;

  private Stacks(StackKernel kernel, Tasks tasks, Machine machine, Vmcore vmcore)
      throws VmcoreException {
    this.kernel = kernel;
    this.tasks = tasks;
    this.machine = machine;
    this.unwinder = StackArchitecture.unwinder(machine, kernel);
    this.notes =
        unwinder.isPresent()
            ? Optional.of(new CpuNotes(kernel, unwinder.get(), machine, vmcore.notes()))
            : Optional.empty();
    this.stackSize = kernel.stackSize();
  }

  /**
   * The stacks of a kernel, for {@code Kernel} alone, which gives each kernel's.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public static Stacks of(Vmcore vmcore, KernelObjects objects, Tasks tasks, Modules modules)
      throws VmcoreException {
    Machine machine =
        KernelMachine.of(vmcore.header(), vmcore.notes(), objects.kernel().info()).machine();
    return new Stacks(new StackKernel(objects, modules), tasks, machine, vmcore);
  }

  /** The size of a task's stack in bytes: THREAD_SIZE. */
  public long size() {
    return stackSize;
  }

  /**
   * The stack of {@code task}. What is damaged is told by it, with what was found up to there.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public synchronized Stack of(Task task) throws VmcoreException {
    Trace trace = new Trace();
    if (unwinder.isPresent()) {
      unwind(unwinder.get(), task, trace);
    } else {
      trace.breakOff(BrokenStack.lacking(unknown()));
    }
    return stack(task.pid(), Optional.of(task), trace);
  }

  /**
   * The stack that a CPU's registers lead to, whatever its task: for a kernel whose tasks can't be
   * had. It ends where another stack begins, for nothing tells where that is.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public synchronized Stack of(PrStatus cpu) throws VmcoreException {
    Trace trace = new Trace();
    Optional<Task> task = Optional.empty();
    if (unwinder.isPresent() && notes.isPresent()) {
      task = task(cpu, notes.get());
      unwinder.get().running(cpu.registers(), List.of(around(cpu, task, notes.get())), trace);
    } else {
      trace.breakOff(BrokenStack.lacking(unknown()));
    }
    return stack(task.isPresent() ? task.get().pid() : cpu.pid(), task, trace);
  }

  /** The task that a register has; empty where none has, or it can't be read. */
  private Optional<Task> task(PrStatus cpu, CpuNotes by) throws VmcoreException {
    OptionalLong address = by.task(cpu);
    try {
      return address.isPresent() ? tasks.at(address.getAsLong()) : Optional.empty();
    } catch (VmcoreException e) {
      return Optional.empty();
    }
  }

  private StackRange around(PrStatus cpu, Optional<Task> task, CpuNotes by) {
    long start = by.pointer(cpu) & -stackSize;
    return task.isPresent() && own(task.get()).holds(by.pointer(cpu))
        ? own(task.get())
        : new StackRange("CPU's", start, start + stackSize);
  }

  /**
   * The stacks of the tasks that the CPUs ran, in the order of CPUs; where these aren't known, what
   * the CPUs' registers lead to, in the order of the notes.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public synchronized List<Stack> ofCpus() throws VmcoreException {
    List<Stack> stacks = new ArrayList<>();
    for (int cpu : tasks.cpuNumbers()) {
      Optional<Task> current = tasks.current(cpu);
      if (current.isPresent()) {
        stacks.add(of(current.get()));
      }
    }
    if (stacks.isEmpty() && notes.isPresent()) {
      for (PrStatus cpu : notes.get().statuses()) {
        stacks.add(of(cpu));
      }
    }
    return stacks;
  }

  /**
   * The stack of the task that crashed the kernel: the CPU's that panicked or, where the kernel
   * doesn't tell which that is, the one on which {@code panic} was called; empty where there is
   * none.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public synchronized Optional<Stack> crashed() throws VmcoreException {
    Optional<Task> task = tasks.crashed();
    if (task.isPresent()) {
      return Optional.of(of(task.get()));
    }
    List<Stack> all = ofCpus();
    for (Stack stack : all) {
      for (Frame frame : stack.frames()) {
        if (frame.symbol().isPresent() && CRASHING.contains(frame.symbol().get().name())) {
          return Optional.of(stack);
        }
      }
    }
    return all.size() == 1 ? Optional.of(all.getFirst()) : Optional.empty();
  }

  /**
   * The registers that {@code task} goes on with: of a CPU's current task those of the CPU, all of
   * them; of any other one those that it saved when it went to sleep. By the names of {@code struct
   * pt_regs}; none where they can't be had.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public synchronized List<Register> registers(Task task) throws VmcoreException {
    if (unwinder.isEmpty() || notes.isEmpty()) {
      return List.of();
    }
    Optional<List<Register>> ran = ofCpu(task, notes.get());
    if (task.isRunning() || ran.isPresent()) {
      return ran.orElse(List.of());
    }
    try {
      return unwinder.get().saved(kernel.objects().at(task.address(), "task_struct"));
    } catch (BrokenStack | Unreadable e) {
      return List.of();
    }
  }

  /**
   * The stacks that {@code cpu} has for interrupts and exceptions, as far as they are known: kernel
   * virtual addresses.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public synchronized List<AddressRange> ofInterrupts(int cpu) throws VmcoreException {
    List<AddressRange> ranges = new ArrayList<>();
    if (unwinder.isPresent()) {
      for (StackRange stack : unwinder.get().stacksOf(cpu)) {
        if (Long.compareUnsigned(stack.start(), stack.end()) < 0) {
          ranges.add(new AddressRange(stack.start(), stack.end()));
        }
      }
    }
    return ranges;
  }

  /**
   * The registers of all CPUs, in the order of the notes.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public synchronized List<PrStatus> cpus() throws VmcoreException {
    return notes.isPresent() ? List.copyOf(notes.get().statuses()) : List.of();
  }

  private Optional<List<Register>> ofCpu(Task task, CpuNotes by) throws VmcoreException {
    return task.isRunning() ? by.of(task, own(task)) : by.having(task);
  }

  private StackRange own(Task task) {
    return new StackRange("task", task.stack(), task.stack() + stackSize);
  }

  private String unknown() {
    return "stacks of " + machine.label() + " can't be unwound yet";
  }

  private Stack stack(int pid, Optional<Task> task, Trace trace) throws VmcoreException {
    List<Frame> frames = new ArrayList<>(trace.steps().size());
    for (Step step : trace.steps()) {
      frames.add(named(step));
    }
    return new Stack(pid, task, frames, trace.broken(), trace.user());
  }

  private void unwind(Unwinder by, Task task, Trace trace) throws VmcoreException {
    StackRange own = own(task);
    Optional<List<Register>> registers = ofCpu(task, notes.orElseThrow());
    if (!task.isRunning() && registers.isEmpty()) {
      sleeping(by, task, own, trace);
      return;
    }
    if (registers.isEmpty()) {
      trace.breakOff(BrokenStack.lacking("the dump has no registers of the CPU on which it ran"));
      return;
    }
    List<StackRange> stacks = new ArrayList<>();
    stacks.add(own);
    if (task.cpu().isPresent()) {
      stacks.addAll(by.stacksOf(task.cpu().getAsInt()));
    }
    by.running(registers.get(), stacks, trace);
  }

  private void sleeping(Unwinder by, Task task, StackRange own, Trace trace)
      throws VmcoreException {
    try {
      by.sleeping(kernel.objects().at(task.address(), "task_struct"), List.of(own), trace);
    } catch (Unreadable e) {
      trace.breakOff(new BrokenStack(e));
    }
  }

  private Frame named(Step step) throws VmcoreException {
    Optional<Symbol> function = kernel.function(step.inside());
    return new Frame(
        step.pc(),
        step.pointer(),
        function,
        function.isPresent() ? function.get().module() : module(step.inside()),
        step.isReliable(),
        step.isInterrupted(),
        step.registers());
  }

  /** The module of code that has no symbol. */
  private Optional<String> module(long pc) throws VmcoreException {
    Optional<LoadedModule> module = kernel.modules().at(pc);
    return module.isPresent() ? Optional.of(module.get().name()) : Optional.empty();
  }
}
