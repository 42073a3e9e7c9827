package org.vmcore.kernel.stacks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.arch.frames.FrameChain.Names;
import org.vmcore.elf.Register;
import org.vmcore.kernel.objects.KernelObject;
import org.vmcore.kernel.types.Field;
import org.vmcore.kernel.unwind.BrokenStack;
import org.vmcore.kernel.unwind.OrcUnwinder;
import org.vmcore.kernel.unwind.PtRegs;
import org.vmcore.kernel.unwind.StackRange;
import org.vmcore.kernel.unwind.Trace;
import org.vmcore.kernel.unwind.X86Frame;
import org.vmcore.memory.VmcoreException;

/**
 * Where stacks of x86_64 lie and begin: a task's where {@code __switch_to_asm} pushed what it saves
 * (struct inactive_task_frame), a CPU's by its registers (arch/x86/kernel/dumpstack_64.c).
 */
final class X86Stacks implements Unwinder {
  /** The names of the stacks that exceptions switch to, in struct cea_exception_stacks. */
  private static final String[] EXCEPTIONS = {"DF", "NMI", "DB", "MCE", "VC", "VC2"};

  private static final long IRQ_SIZE = 16 << 10;
  private static final int WORD = Long.BYTES;

  private static final Names NAMES = new Names("rip", "rsp", "rsp", "", Optional.empty());

  private final StackKernel kernel;

  private final Optional<OrcUnwinder> unwinder;

  /** Why there is none. */
  private final Optional<BrokenStack> reason;

  private X86Stacks(
      StackKernel kernel, Optional<OrcUnwinder> unwinder, Optional<BrokenStack> reason) {
    this.kernel = kernel;
    this.unwinder = unwinder;
    this.reason = reason;
  }

  static X86Stacks of(StackKernel kernel, PtRegs ptRegs) throws VmcoreException {
    try {
      OrcTables tables = OrcTables.of(kernel);
      OrcUnwinder unwinder = new OrcUnwinder(kernel.memory(), tables, kernel, ptRegs);
      return new X86Stacks(kernel, Optional.of(unwinder), Optional.empty());
    } catch (BrokenStack e) {
      return new X86Stacks(kernel, Optional.empty(), Optional.of(e));
    }
  }

  @Override
  public Names names() {
    return NAMES;
  }

  @Override
  public List<StackRange> stacksOf(int cpu) throws VmcoreException {
    List<StackRange> stacks = new ArrayList<>();
    OptionalLong hot = kernel.pointer("pcpu_hot", "hardirq_stack_ptr", cpu);
    OptionalLong irq = hot.isPresent() ? hot : kernel.pointer("hardirq_stack_ptr", cpu);
    if (irq.isPresent()) {
      long end = (irq.getAsLong() & WORD) == 0 ? irq.getAsLong() : irq.getAsLong() + WORD;
      stacks.add(new StackRange("IRQ", end - kernel.sizeOf("irq_stack", IRQ_SIZE), end));
    }
    OptionalLong exceptions = kernel.pointer("cea_exception_stacks", cpu);
    if (exceptions.isPresent()) {
      addExceptionStacks(exceptions.getAsLong(), stacks);
    }
    return stacks;
  }

  private void addExceptionStacks(long address, List<StackRange> stacks) throws VmcoreException {
    for (String name : EXCEPTIONS) {
      Optional<Field> stack = kernel.objects().field("cea_exception_stacks", name + "_stack");
      if (stack.isPresent()) {
        long start = address + stack.get().offset();
        stacks.add(new StackRange(name, start, start + stack.get().type().size()));
      }
    }
  }

  @Override
  public void running(List<Register> registers, List<StackRange> stacks, Trace trace)
      throws VmcoreException {
    unwind(X86Frame.interrupted(registers), stacks, trace);
  }

  @Override
  public void sleeping(KernelObject task, List<StackRange> stacks, Trace trace)
      throws VmcoreException {
    try {
      List<Register> saved = saved(task);
      unwind(
          new X86Frame(
              PtRegs.value(saved, "rip"),
              PtRegs.value(saved, "rsp"),
              PtRegs.value(saved, "rbp"),
              false,
              true,
              saved),
          stacks,
          trace);
    } catch (BrokenStack e) {
      trace.breakOff(e);
    }
  }

  @Override
  public List<Register> saved(KernelObject task) throws BrokenStack, VmcoreException {
    return InactiveFrame.of(kernel.objects()).registers(kernel.memory(), task.number("thread.sp"));
  }

  private void unwind(X86Frame start, List<StackRange> stacks, Trace trace) throws VmcoreException {
    if (unwinder.isPresent()) {
      unwinder.get().unwind(start, stacks, trace);
    } else {
      trace.breakOff(reason.orElseThrow());
    }
  }
}
