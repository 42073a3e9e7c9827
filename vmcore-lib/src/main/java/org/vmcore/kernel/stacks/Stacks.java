package org.vmcore.kernel.stacks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.Vmcore;
import org.vmcore.arch.KernelMachine;
import org.vmcore.arch.Machine;
import org.vmcore.elf.Register;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.tasks.Task;
import org.vmcore.kernel.unwind.StackRange;
import org.vmcore.kernel.unwind.Trace;
import org.vmcore.kernel.unwind.Trace.Step;
import org.vmcore.memory.VmcoreException;

/**
 * The stacks of a kernel's tasks: on x86_64 by the ORC tables in the dump, on arm64 by frame
 * records. A task that ran begins with its CPU's registers, any other where it went to sleep.
 */
public final class Stacks {
  private final StackKernel kernel;
  private final Machine machine;
  private final Optional<Unwinder> unwinder;
  private final Optional<CpuNotes> notes;
  private final long stackSize;

  private Stacks(StackKernel kernel, Machine machine, Vmcore vmcore) throws VmcoreException {
    this.kernel = kernel;
    this.machine = machine;
    this.unwinder = StackArchitecture.unwinder(machine, kernel);
    this.notes =
        unwinder.isPresent()
            ? Optional.of(new CpuNotes(kernel, unwinder.get(), vmcore.notes()))
            : Optional.empty();
    this.stackSize = kernel.stackSize();
  }

  /**
   * The stacks of a kernel, for {@code Kernel} alone, which gives each kernel's.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  @SuppressWarnings("exports") // only the library has such objects
  public static Stacks of(Vmcore vmcore, KernelObjects objects) throws VmcoreException {
    Machine machine =
        KernelMachine.of(vmcore.header(), vmcore.notes(), vmcore.vmcoreInfo()).machine();
    return new Stacks(new StackKernel(objects), machine, vmcore);
  }

  /**
   * The stack of {@code task}. What is damaged is told by it, with what was found up to there.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public synchronized Stack of(Task task) throws VmcoreException {
    Trace trace = new Trace();
    if (unwinder.isEmpty()) {
      trace.breakOff("stacks of " + machine.label() + " can't be unwound yet");
    } else {
      unwind(unwinder.get(), task, trace);
    }
    List<Frame> frames = new ArrayList<>(trace.steps().size());
    for (Step step : trace.steps()) {
      frames.add(named(step));
    }
    return new Stack(task, frames, trace.broken(), trace.user());
  }

  private void unwind(Unwinder by, Task task, Trace trace) throws VmcoreException {
    StackRange own = new StackRange("task", task.stack(), task.stack() + stackSize);
    if (!task.isRunning()) {
      by.sleeping(task.object(), List.of(own), trace);
      return;
    }
    Optional<List<Register>> registers = notes.orElseThrow().of(task, own);
    if (registers.isEmpty()) {
      trace.breakOff("the dump has no registers of CPU " + task.cpu() + ", on which it ran");
      return;
    }
    List<StackRange> stacks = new ArrayList<>();
    stacks.add(own);
    stacks.addAll(by.stacksOf(task.cpu()));
    by.running(registers.get(), stacks, trace);
  }

  private Frame named(Step step) throws VmcoreException {
    return new Frame(
        step.pc(),
        step.pointer(),
        kernel.function(step.inside()),
        step.isReliable(),
        step.isInterrupted(),
        step.registers());
  }
}
