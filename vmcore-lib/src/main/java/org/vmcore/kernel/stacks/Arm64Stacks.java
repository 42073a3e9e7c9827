package org.vmcore.kernel.stacks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.arch.frames.FrameChain.Names;
import org.vmcore.elf.Register;
import org.vmcore.kernel.objects.KernelObject;
import org.vmcore.kernel.types.Field;
import org.vmcore.kernel.unwind.PtRegs;
import org.vmcore.kernel.unwind.RecordUnwinder;
import org.vmcore.kernel.unwind.StackRange;
import org.vmcore.kernel.unwind.Trace;
import org.vmcore.memory.VmcoreException;

/**
 * Where stacks of arm64 lie and begin: a task's by what {@code cpu_switch_to} saved
 * (thread.cpu_context), a CPU's by its registers (arch/arm64/include/asm/stacktrace.h).
 */
final class Arm64Stacks implements Unwinder {
  /** OFFSET(pt_regs.stackframe) where nothing tells it. */
  private static final int RECORD = 304;

  private static final long OVERFLOW_SIZE = 4 << 10;
  private static final Names NAMES = new Names("pc", "sp", "x29", "x30", Optional.empty());

  /** What {@code cpu_switch_to} saves, and its link register as {@code pc}. */
  private static final String CONTEXT = "thread.cpu_context.";

  private static final int FIRST_SAVED = 19;
  private static final int LAST_SAVED = 28;

  private final StackKernel kernel;
  private final RecordUnwinder unwinder;
  private final long size;

  private Arm64Stacks(StackKernel kernel, RecordUnwinder unwinder, long size) {
    this.kernel = kernel;
    this.unwinder = unwinder;
    this.size = size;
  }

  static Arm64Stacks of(StackKernel kernel, PtRegs ptRegs) throws VmcoreException {
    Optional<Field> record = kernel.objects().field("pt_regs", "stackframe");
    int offset = record.isPresent() ? (int) record.get().offset() : RECORD;
    boolean hasMeta = kernel.objects().types().struct("frame_record_meta").isPresent();
    RecordUnwinder unwinder =
        new RecordUnwinder(kernel.memory(), kernel, ptRegs, offset, hasMeta, kernel.signature());
    return new Arm64Stacks(kernel, unwinder, kernel.stackSize());
  }

  @Override
  public Names names() {
    return NAMES;
  }

  @Override
  public List<StackRange> stacksOf(int cpu) throws VmcoreException {
    List<StackRange> stacks = new ArrayList<>();
    add(stacks, "IRQ", kernel.pointer("irq_stack_ptr", cpu), size);
    add(stacks, "overflow", kernel.variable("overflow_stack", cpu), OVERFLOW_SIZE);
    add(stacks, "SDEI", kernel.pointer("sdei_stack_normal_ptr", cpu), size);
    add(stacks, "critical SDEI", kernel.pointer("sdei_stack_critical_ptr", cpu), size);
    return stacks;
  }

  private static void add(List<StackRange> stacks, String name, OptionalLong start, long size) {
    if (start.isPresent() && start.getAsLong() != 0) {
      stacks.add(new StackRange(name, start.getAsLong(), start.getAsLong() + size));
    }
  }

  @Override
  public void running(List<Register> registers, List<StackRange> stacks, Trace trace)
      throws VmcoreException {
    unwinder.unwind(registers, stacks, trace);
  }

  @Override
  public void sleeping(KernelObject task, List<StackRange> stacks, Trace trace)
      throws VmcoreException {
    long pc = task.number(CONTEXT + "pc");
    long fp = task.number(CONTEXT + "fp");
    unwinder.unwind(pc, fp, stacks, trace);
  }

  @Override
  public List<Register> saved(KernelObject task) throws VmcoreException {
    List<Register> saved = new ArrayList<>();
    for (int i = FIRST_SAVED; i <= LAST_SAVED; i++) {
      saved.add(new Register("x" + i, task.number(CONTEXT + "x" + i)));
    }
    long pc = task.number(CONTEXT + "pc");
    saved.add(new Register("x29", task.number(CONTEXT + "fp")));
    saved.add(new Register("x30", pc));
    saved.add(new Register("sp", task.number(CONTEXT + "sp")));
    saved.add(new Register("pc", pc));
    return saved;
  }
}
