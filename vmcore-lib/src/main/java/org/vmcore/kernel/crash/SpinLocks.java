package org.vmcore.kernel.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vmcore.elf.Register;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.stacks.Frame;
import org.vmcore.kernel.stacks.Stack;
import org.vmcore.kernel.tasks.Task;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * Finds who holds a spin lock that a CPU waits for.
 *
 * <p>A queued spin lock keeps no owner, but with CONFIG_DEBUG_SPINLOCK. Which lock it is tell the
 * registers of the function that waits: one of them is the address of a word whose lowest byte is 1
 * (or 3, in a guest), what a lock is that is held. Who holds it is told by what speaks for a CPU
 * that doesn't wait for it: a register, its stack or the code of a function on it has the lock's
 * address, and it takes no interrupts.
 *
 * <p>Source: kernel/locking/qspinlock.c, include/asm-generic/qspinlock_types.h,
 * kernel/locking/qspinlock_paravirt.h.
 */
final class SpinLocks {
  private static final Set<String> SPINNING =
      Set.of(
          "native_queued_spin_lock_slowpath",
          "queued_spin_lock_slowpath",
          "__pv_queued_spin_lock_slowpath",
          "resilient_queued_spin_lock_slowpath",
          "do_raw_spin_lock",
          "_raw_spin_lock",
          "_raw_spin_lock_irq",
          "_raw_spin_lock_irqsave",
          "_raw_spin_lock_bh");

  /** In these a lock's address is more likely than in others. */
  private static final List<String> LIKELY = List.of("rdi", "rbx", "x0", "x19", "x20", "rbp");

  private static final int LOCKED = 1;

  /** Of a guest whose host may be told to wake who waits. */
  private static final int SLOWLY_LOCKED = 3;

  private static final int MOST_CODE = 4096;

  /** So many frames of a stack are those whose code is looked at. */
  private static final int MOST_FRAMES = 64;

  /** Of what speaks for a holder. */
  private static final int BY_REGISTER = 4;

  private static final int BY_CODE = 4;
  private static final int BY_STACK = 2;
  private static final int INTERRUPTS_OFF = 3;

  private final Evidence evidence;
  private final KernelReader in;

  SpinLocks(Evidence evidence) throws VmcoreException {
    this.evidence = evidence;
    this.in = evidence.objects().reader();
  }

  /** A task that may hold a lock, and what speaks for it. */
  private record Holder(Task task, long lock, int score, List<String> reasons) {}

  static boolean isSpinning(Stack stack) {
    return spinning(stack) != null;
  }

  /** The frame that waits, with the registers it was interrupted with, where it has some. */
  private static @Nullable Frame spinning(Stack stack) {
    Frame first = null;
    for (Frame frame : stack.frames()) {
      if (SPINNING.contains(Evidence.function(frame)) && frame.isReliable()) {
        first = first == null ? frame : first;
        if (!frame.registers().isEmpty()) {
          return frame;
        }
      }
    }
    return first;
  }

  /** Who holds what {@code waiter} waits for; empty where nothing speaks for anybody. */
  Optional<Suspect> holder(Task waiter, Stack stack) throws VmcoreException {
    Frame frame = spinning(stack);
    if (frame == null) {
      return Optional.empty();
    }
    List<Long> locks = locks(waiter, frame);
    List<Task> others = evidence.running(waiter);
    Holder best = null;
    for (long lock : locks) {
      for (Task other : others) {
        Holder holder = weigh(other, lock);
        best = best == null || holder.score > best.score ? holder : best;
      }
    }
    return best == null || best.score < BY_STACK + INTERRUPTS_OFF
        ? Optional.empty()
        : Optional.of(suspect(best, waiter));
  }

  /** The addresses in the registers of a frame that waits which may be those of the lock. */
  private List<Long> locks(Task waiter, Frame frame) {
    List<Long> locks = new ArrayList<>();
    for (int pass = 0; pass < 2; pass++) {
      for (Register register : frame.registers()) {
        boolean isNow = LIKELY.contains(register.name()) == (pass == 0);
        long value = register.value();
        if (isNow
            && !locks.contains(value)
            && isHeldLock(value)
            && !evidence.isOnStack(waiter, value)) {
          locks.add(value);
        }
      }
    }
    return locks;
  }

  private boolean isHeldLock(long address) {
    if (address >= 0 || (address & 3) != 0) {
      return false;
    }
    try {
      long locked = in.u32(address, "spinlock") & 0xff;
      return locked == LOCKED || locked == SLOWLY_LOCKED;
    } catch (VmcoreException e) {
      return false;
    }
  }

  private Holder weigh(Task task, long lock) throws VmcoreException {
    Stack stack = evidence.stack(task);
    List<String> reasons = new ArrayList<>();
    Frame waiting = spinning(stack);
    if (waiting != null && register(waiting, lock) != null) {
      return new Holder(task, lock, 0, reasons); // it waits for the same lock
    }
    int score = byRegisters(stack, lock, reasons);
    score += byCode(stack, lock, reasons);
    score += score == 0 ? byStack(task, stack, lock, reasons) : 0;
    boolean isDeaf = Interrupts.areOff(stack) || didntStop(stack);
    if (score > 0 && isDeaf) {
      String reason =
          didntStop(stack) ? "its CPU didn't stop when told to" : "it takes no interrupts";
      reasons.add(reason);
      score += INTERRUPTS_OFF;
    }
    return new Holder(task, lock, score, reasons);
  }

  /** A CPU without registers didn't answer when the others were stopped, where none was an NMI. */
  static boolean didntStop(Stack stack) {
    return stack.frames().isEmpty();
  }

  private static @Nullable String register(Frame frame, long value) {
    for (Register register : frame.registers()) {
      if (register.value() == value) {
        return register.name();
      }
    }
    return null;
  }

  private static int byRegisters(Stack stack, long lock, List<String> reasons) {
    for (Frame frame : stack.frames()) {
      String name = register(frame, lock);
      if (name != null) {
        reasons.add("its register " + name + " has the lock's address");
        return BY_REGISTER;
      }
    }
    return 0;
  }

  private int byCode(Stack stack, long lock, List<String> reasons) throws VmcoreException {
    int most = Math.min(MOST_FRAMES, stack.frames().size());
    for (Frame frame : stack.frames().subList(0, most)) {
      if (frame.symbol().isPresent() && isInCode(frame.symbol().get().address(), frame, lock)) {
        reasons.add(Evidence.function(frame) + " on its stack has it in its code");
        return BY_CODE;
      }
    }
    return 0;
  }

  private boolean isInCode(long start, Frame frame, long lock) throws VmcoreException {
    long size = frame.symbol().orElseThrow().size().orElse(frame.offset() + 64);
    byte[] code = in.upTo(start, (int) Math.min(Math.max(size, 0), MOST_CODE));
    return CodeNames.x86(in, code, start, lock) || CodeNames.arm64(in, code, start, lock);
  }

  private int byStack(Task task, Stack stack, long lock, List<String> reasons)
      throws VmcoreException {
    long pointer = didntStop(stack) ? task.stack() : stack.frames().getFirst().stackPointer();
    if (!evidence.isOnStack(task, pointer)) {
      return 0;
    }
    byte[] bytes = in.upTo(pointer, evidence.sizeOfStack(task, pointer));
    for (int at = 0; at + in.wordSize() <= bytes.length; at += in.wordSize()) {
      if (in.word(bytes, at) == lock) {
        reasons.add("its stack has the lock's address at " + Hex.of(pointer + at));
        return BY_STACK;
      }
    }
    return 0;
  }

  private Suspect suspect(Holder holder, Task waiter) throws VmcoreException {
    String why =
        "seems to hold the spin lock "
            + evidence.named(holder.lock)
            + ", for which "
            + Evidence.name(waiter)
            + on(waiter)
            + " waits: "
            + String.join(", ", holder.reasons)
            + ", and it doesn't wait itself";
    return Suspect.of(holder.task, why, false);
  }

  private static String on(Task task) {
    return task.cpu().isPresent() ? " on CPU " + task.cpu().getAsInt() : "";
  }
}
