package org.vmcore.kernel.stacks;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.vmcore.arch.Architectures;
import org.vmcore.arch.Machine;
import org.vmcore.elf.Note;
import org.vmcore.elf.PrStatus;
import org.vmcore.elf.Register;
import org.vmcore.elf.bytes.NoteReader;
import org.vmcore.elf.bytes.PrStatusLayout;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.reading.Unreadable;
import org.vmcore.kernel.tasks.Task;
import org.vmcore.kernel.unwind.PtRegs;
import org.vmcore.kernel.unwind.StackRange;
import org.vmcore.memory.VmcoreException;

/**
 * The registers that CPUs had when the kernel crashed. NT_PRSTATUS doesn't say of which CPU it is,
 * so the kernel's own copies come first, {@code crash_notes}; then the note whose registers have
 * the task itself, the one whose stack pointer is in the task's stack or the CPU's, the one that
 * tells its pid, and at last the one at the CPU's place (FORMATS.md, 91).
 */
final class CpuNotes {
  private static final int NT_PRSTATUS = 1;

  /** Of the note's header: namesz, descsz, type; with the name {@code CORE} it has 20 bytes. */
  private static final int TYPE = 8;

  private static final int HEADER = 20;
  private static final int MOST = 1 << 14;

  private final StackKernel kernel;
  private final Unwinder unwinder;
  private final PrStatusLayout layout;
  private final Iterable<Note> notes;
  private @Nullable List<PrStatus> statuses;

  CpuNotes(StackKernel kernel, Unwinder unwinder, Machine machine, Iterable<Note> notes) {
    this.kernel = kernel;
    this.unwinder = unwinder;
    this.layout = Architectures.prStatus(machine);
    this.notes = notes;
  }

  /** The registers of the CPU that {@code task} ran on; empty where nothing tells them. */
  Optional<List<Register>> of(Task task, StackRange stack) throws VmcoreException {
    Optional<List<Register>> own = ofMemory(task);
    return own.isPresent() ? own : ofNotes(task, stack);
  }

  private Optional<List<Register>> ofMemory(Task task) throws VmcoreException {
    OptionalLong variable = kernel.symbol("crash_notes");
    if (variable.isEmpty() || task.cpu().isEmpty()) {
      return Optional.empty();
    }
    try {
      KernelReader in = kernel.reader();
      long areas = in.word(variable.getAsLong(), "crash_notes");
      long note = areas + kernel.objects().perCpu().offset(task.cpu().getAsInt());
      if (areas == 0 || in.u32(note + TYPE, "n_type") != NT_PRSTATUS) {
        return Optional.empty();
      }
      MemorySegment desc =
          MemorySegment.ofArray(in.bytes(note + HEADER, layout.size(), "crash_notes"));
      PrStatus status =
          NoteReader.prStatus(in.file(), note + HEADER, desc, kernel.memory().order(), layout);
      return status.pid() == task.pid() ? Optional.of(status.registers()) : Optional.empty();
    } catch (Unreadable e) {
      return Optional.empty();
    }
  }

  private Optional<List<Register>> ofNotes(Task task, StackRange stack) throws VmcoreException {
    List<PrStatus> all = statuses();
    Optional<PrStatus> own = ofTask(task, stack, all);
    if (own.isEmpty() && task.cpu().isPresent()) {
      own = inStacks(unwinder.stacksOf(task.cpu().getAsInt()), all);
    }
    if (own.isPresent()) {
      return Optional.of(own.get().registers());
    }
    int place = areByCpu(all) ? task.cpu().orElse(-1) : placeOf(task, all);
    return place < 0 || place >= all.size()
        ? Optional.empty()
        : Optional.of(all.get(place).registers());
  }

  /** The note in whose registers the task or its stack is. */
  private Optional<PrStatus> ofTask(Task task, StackRange stack, List<PrStatus> all) {
    return having(task, all).or(() -> inStacks(List.of(stack), all));
  }

  private Optional<PrStatus> having(Task task, List<PrStatus> all) {
    for (PrStatus status : all) {
      if (task(status).orElse(0) == task.address()) {
        return Optional.of(status);
      }
    }
    return Optional.empty();
  }

  /**
   * The registers of the CPU in which {@code task} itself is: it ran there, also where the CPU's
   * run queue can't be read.
   */
  Optional<List<Register>> having(Task task) throws VmcoreException {
    return having(task, statuses()).map(PrStatus::registers);
  }

  private Optional<PrStatus> inStacks(List<StackRange> stacks, List<PrStatus> all) {
    for (StackRange stack : stacks) {
      for (PrStatus status : all) {
        if (stack.holds(pointer(status))) {
          return Optional.of(status);
        }
      }
    }
    return Optional.empty();
  }

  /** Whether the pids are the CPUs' numbers from 1 on, as those that QEMU and s390 write. */
  private static boolean areByCpu(List<PrStatus> all) {
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).pid() != i + 1) {
        return false;
      }
    }
    return true;
  }

  private static int placeOf(Task task, List<PrStatus> all) {
    int ofPid = -1;
    for (int i = 0; i < all.size(); i++) {
      ofPid = task.pid() != 0 && all.get(i).pid() == task.pid() ? i : ofPid;
    }
    int cpu = task.cpu().orElse(-1);
    return ofPid < 0 && task.isIdle() && isAt(cpu, all) ? cpu : ofPid;
  }

  /** Whether an idle CPU's note is at the CPU's place. */
  private static boolean isAt(int cpu, List<PrStatus> all) {
    return cpu >= 0 && cpu < all.size() && all.get(cpu).pid() == 0;
  }

  /** The stack pointer of a CPU. */
  long pointer(PrStatus status) {
    return PtRegs.value(status.registers(), unwinder.names().sp());
  }

  /**
   * The struct task_struct of the task that a CPU ran, where a register has it: in the kernel, as
   * the stack pointer tells, which is a process's own in user space.
   */
  OptionalLong task(PrStatus status) {
    Optional<String> register = unwinder.names().task();
    return register.isEmpty() || pointer(status) >= 0
        ? OptionalLong.empty()
        : OptionalLong.of(PtRegs.value(status.registers(), register.get()));
  }

  /** All of them, in the order of the notes. */
  List<PrStatus> statuses() throws VmcoreException {
    List<PrStatus> all = statuses;
    if (all == null) {
      all = new ArrayList<>();
      for (Note note : notes) {
        if (note.isPrStatus() && all.size() < MOST) {
          all.add(note.prStatus());
        }
      }
      statuses = all;
    }
    return all;
  }
}
