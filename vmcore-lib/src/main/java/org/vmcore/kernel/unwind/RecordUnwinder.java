package org.vmcore.kernel.unwind;

import java.util.List;
import java.util.Optional;
import org.vmcore.elf.Register;
import org.vmcore.kernel.unwind.Trace.Step;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * Stacks of arm64, by frame records: two words that x29 points to, the caller's x29 and the return
 * address. An exception's registers have such a record in them, of the place that was interrupted.
 * Source: arch/arm64/kernel/stacktrace.c.
 */
public final class RecordUnwinder {
  private static final int WORD = Long.BYTES;
  private static final int MODE = 0xf;

  /** FRAME_META_TYPE_PT_REGS: behind a record of zeros, since 6.13. */
  private static final long META_PT_REGS = 2;

  private static final int PC = 32 * WORD;
  private static final int PSTATE = 33 * WORD;
  private static final int X29 = 29 * WORD;

  private final StackMemory memory;
  private final Arm64Code code;
  private final Functions functions;
  private final PtRegs ptRegs;

  /** OFFSET(pt_regs.stackframe). */
  private final int recordOffset;

  /** Whether a record of zeros is followed by what it means. */
  private final boolean hasMeta;

  /** The bits of a kernel's code address that a signature may be in. */
  private final long signature;

  public RecordUnwinder(
      StackMemory memory,
      Functions functions,
      PtRegs ptRegs,
      int recordOffset,
      boolean hasMeta,
      long signature) {
    this.ptRegs = ptRegs;
    this.memory = memory;
    this.code = new Arm64Code(memory, functions);
    this.functions = functions;
    this.recordOffset = recordOffset;
    this.hasMeta = hasMeta;
    this.signature = signature;
  }

  /** A frame; where it was interrupted, with its registers. */
  private record At(long pc, long fp, boolean isReliable, List<Register> registers) {
    boolean isInterrupted() {
      return !registers.isEmpty();
    }
  }

  /** Unwinds from what these registers tell of. */
  public void unwind(List<Register> registers, List<StackRange> stacks, Trace trace)
      throws VmcoreException {
    if (isUser(registers)) {
      trace.user(registers);
    } else {
      unwind(interrupted(registers, true), PtRegs.value(registers, "sp"), stacks, trace);
    }
  }

  /** Unwinds from the place that a task that sleeps goes on at, and from the record there. */
  public void unwind(long pc, long fp, List<StackRange> stacks, Trace trace)
      throws VmcoreException {
    unwind(new At(pc, fp, true, List.of()), fp, stacks, trace);
  }

  private void unwind(At start, long pointer, List<StackRange> stacks, Trace trace)
      throws VmcoreException {
    StackPath path = new StackPath(stacks, pointer);
    Optional<At> at = Optional.of(start);
    try {
      while (at.isPresent()) {
        At frame = at.get();
        trace.add(
            new Step(
                frame.pc(),
                frame.isInterrupted() ? PtRegs.value(frame.registers(), "sp") : frame.fp(),
                frame.isInterrupted(),
                frame.isReliable(),
                frame.registers()));
        at = caller(frame, path, trace);
      }
    } catch (BrokenStack e) {
      trace.breakOff(e);
    }
  }

  static boolean isUser(List<Register> registers) {
    return (PtRegs.value(registers, "pstate") & MODE) == 0;
  }

  private At interrupted(List<Register> registers, boolean isReliable) {
    return new At(
        PtRegs.value(registers, "pc"), PtRegs.value(registers, "x29"), isReliable, registers);
  }

  private Optional<At> caller(At frame, StackPath path, Trace trace)
      throws BrokenStack, VmcoreException {
    if (frame.isInterrupted()) {
      long x30 = PtRegs.value(frame.registers(), "x30") | signature;
      if (!code.hasRecord(frame.pc()) && isCode(x30)) {
        boolean isReliable = frame.isReliable() && code.leadsTo(x30, frame.pc());
        return Optional.of(new At(x30, frame.fp(), isReliable, List.of()));
      }
    }
    return frame.fp() == 0 ? Optional.empty() : byRecord(frame, path, trace);
  }

  private Optional<At> byRecord(At frame, StackPath path, Trace trace)
      throws BrokenStack, VmcoreException {
    long fp = frame.fp();
    if ((fp & (WORD - 1)) != 0) {
      throw new BrokenStack("the frame record's address, " + Hex.of(fp) + ", isn't aligned");
    }
    path.moveTo(fp + WORD);
    long next = memory.word(fp);
    long pc = memory.word(fp + WORD);
    if (next == 0 && pc == 0) {
      return hasMeta && memory.word(fp + 2 * WORD) == META_PT_REGS
          ? exception(fp - recordOffset, frame, path, trace)
          : end(fp - recordOffset, trace);
    }
    if (isException(fp - recordOffset, next, pc)) {
      return exception(fp - recordOffset, frame, path, trace);
    }
    long address = pc | signature;
    if (!isCode(address)) {
      throw new BrokenStack(
          Hex.of(pc) + ", the return address at " + Hex.of(fp + WORD) + ", isn't code");
    }
    return Optional.of(new At(address, next, frame.isReliable(), List.of()));
  }

  /** The last record is part of the registers of user space, if the task has any. */
  private Optional<At> end(long registers, Trace trace) throws BrokenStack, VmcoreException {
    boolean isUser = (memory.word(registers + PSTATE) & MODE) == 0;
    if (isUser && memory.word(registers + PC) != 0) {
      trace.user(ptRegs.at(memory, registers));
    }
    return Optional.empty();
  }

  /** Whether the registers that the record would be part of say the same. */
  private boolean isException(long registers, long next, long pc) throws VmcoreException {
    try {
      return memory.word(registers + PC) == pc && memory.word(registers + X29) == next;
    } catch (BrokenStack e) {
      return false;
    }
  }

  private Optional<At> exception(long address, At frame, StackPath path, Trace trace)
      throws BrokenStack, VmcoreException {
    List<Register> registers = ptRegs.at(memory, address);
    if (isUser(registers)) {
      trace.user(registers);
      return Optional.empty();
    }
    path.moveTo(PtRegs.value(registers, "sp"));
    return Optional.of(interrupted(registers, frame.isReliable()));
  }

  private boolean isCode(long address) throws VmcoreException {
    return address < 0 && functions.startOf(address - 1).isPresent();
  }
}
