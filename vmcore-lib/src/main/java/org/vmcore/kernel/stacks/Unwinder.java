package org.vmcore.kernel.stacks;

import java.util.List;
import org.vmcore.arch.frames.FrameChain.Names;
import org.vmcore.elf.Register;
import org.vmcore.kernel.objects.KernelObject;
import org.vmcore.kernel.unwind.BrokenStack;
import org.vmcore.kernel.unwind.StackRange;
import org.vmcore.kernel.unwind.Trace;
import org.vmcore.memory.VmcoreException;

/**
 * Unwinds the stacks of one kernel. What is found is told to a {@link Trace}, also why there is no
 * more. All methods throw when the dump is closed, or its file fails.
 */
interface Unwinder {
  /** The registers that lead to a stack. */
  Names names();

  /** The stacks of a CPU, beside those of tasks, as far as they are known. */
  List<StackRange> stacksOf(int cpu) throws VmcoreException;

  /** Unwinds from a CPU's registers, named as in NT_PRSTATUS. */
  void running(List<Register> registers, List<StackRange> stacks, Trace trace)
      throws VmcoreException;

  /** Unwinds from where a task goes on when it is scheduled again. */
  void sleeping(KernelObject task, List<StackRange> stacks, Trace trace) throws VmcoreException;

  /**
   * The registers with which a task goes on when it is scheduled again, as far as it keeps them.
   */
  List<Register> saved(KernelObject task) throws BrokenStack, VmcoreException;
}
