package org.vmcore.kernel.stacks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.vmcore.elf.Note;
import org.vmcore.elf.PrStatus;
import org.vmcore.elf.Register;
import org.vmcore.kernel.tasks.Task;
import org.vmcore.kernel.unwind.BrokenStack;
import org.vmcore.kernel.unwind.StackRange;
import org.vmcore.kernel.unwind.X86Frame;
import org.vmcore.memory.VmcoreException;

/**
 * The registers that CPUs had when the kernel crashed. NT_PRSTATUS doesn't say of which CPU it is,
 * so the kernel's own copies come first, {@code crash_notes}; then the note whose stack pointer is
 * in the task's stack, the one that tells its pid, and at last the one at the CPU's place
 * (FORMATS.md, 91).
 */
final class CpuNotes {
  private static final int NT_PRSTATUS = 1;

  /** Of the note's header with the name {@code CORE}. */
  private static final int HEADER = 20;

  private static final int PID = 32;
  private static final int MOST = 1 << 14;

  private final StackKernel kernel;
  private final Unwinder unwinder;
  private final Iterable<Note> notes;
  private @Nullable List<PrStatus> statuses;

  CpuNotes(StackKernel kernel, Unwinder unwinder, Iterable<Note> notes) {
    this.kernel = kernel;
    this.unwinder = unwinder;
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
      long areas = kernel.memory().word(variable.getAsLong());
      long note = areas + kernel.objects().perCpu().offset(task.cpu().getAsInt());
      long type = kernel.memory().word(note + Long.BYTES) & 0xffff_ffffL;
      int pid = (int) kernel.memory().word(note + HEADER + PID);
      return areas != 0 && type == NT_PRSTATUS && pid == task.pid()
          ? Optional.of(unwinder.noteRegisters(note + HEADER))
          : Optional.empty();
    } catch (BrokenStack e) {
      return Optional.empty();
    }
  }

  private Optional<List<Register>> ofNotes(Task task, StackRange stack) throws VmcoreException {
    List<PrStatus> all = statuses();
    int ofPid = -1;
    for (int i = 0; i < all.size(); i++) {
      PrStatus status = all.get(i);
      if (stack.holds(pointer(status))) {
        return Optional.of(status.registers());
      }
      ofPid = task.pid() != 0 && status.pid() == task.pid() ? i : ofPid;
    }
    int cpu = task.cpu().orElse(-1);
    int place = ofPid < 0 && task.isIdle() && isAt(cpu, all) ? cpu : ofPid;
    return place < 0 ? Optional.empty() : Optional.of(all.get(place).registers());
  }

  /** Whether an idle CPU's note is at the CPU's place. */
  private static boolean isAt(int cpu, List<PrStatus> all) {
    return cpu >= 0 && cpu < all.size() && all.get(cpu).pid() == 0;
  }

  /** The stack pointer of a CPU. */
  static long pointer(PrStatus status) {
    long rsp = X86Frame.value(status.registers(), "rsp");
    return rsp != 0 ? rsp : X86Frame.value(status.registers(), "sp");
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
