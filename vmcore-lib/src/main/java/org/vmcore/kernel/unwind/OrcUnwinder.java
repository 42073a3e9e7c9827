package org.vmcore.kernel.unwind;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.elf.Register;
import org.vmcore.kernel.unwind.OrcEntry.Base;
import org.vmcore.kernel.unwind.OrcEntry.Kind;
import org.vmcore.kernel.unwind.Trace.Step;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * Stacks of x86_64, by ORC. What isn't known by it, but guessed, is marked, and so is all behind
 * it. Source: arch/x86/kernel/unwind_orc.c.
 */
public final class OrcUnwinder {
  private static final int WORD = Long.BYTES;

  /** Modules and generated code lie above the kernel's image, up to here. */
  private static final long GENERATED = 0xffff_ffff_a000_0000L;

  private final StackMemory memory;
  private final OrcLookup orc;
  private final Functions functions;
  private final PtRegs ptRegs;
  private final X86Calls calls;

  public OrcUnwinder(StackMemory memory, OrcLookup orc, Functions functions, PtRegs ptRegs) {
    this.memory = memory;
    this.ptRegs = ptRegs;
    this.orc = orc;
    this.functions = functions;
    this.calls = new X86Calls(memory, functions);
  }

  /** Unwinds from {@code start}, over these stacks. */
  public void unwind(X86Frame start, List<StackRange> stacks, Trace trace) throws VmcoreException {
    StackPath path = new StackPath(stacks, start.rsp());
    Optional<X86Frame> at = Optional.of(start);
    try {
      while (at.isPresent() && !at.get().isUser()) {
        X86Frame frame = at.get();
        List<Register> shown = frame.isInterrupted() ? frame.registers() : List.of();
        trace.add(
            new Step(frame.rip(), frame.rsp(), frame.isInterrupted(), frame.isReliable(), shown));
        at = caller(frame, path);
      }
      if (at.isPresent()) {
        trace.user(at.get().registers());
      }
    } catch (BrokenStack e) {
      trace.breakOff(e);
    }
  }

  private Optional<X86Frame> caller(X86Frame frame, StackPath path)
      throws BrokenStack, VmcoreException {
    Optional<OrcEntry> entry = orc.at(frame.isInterrupted() ? frame.rip() : frame.rip() - 1);
    if (entry.isEmpty()) {
      OrcEntry guess = frame.isInterrupted() ? OrcEntry.CALLED : OrcEntry.FRAME_POINTER;
      return Optional.of(ofUnknown(frame, guess, path));
    }
    return switch (entry.get().kind()) {
      case END_OF_STACK -> Optional.empty();
      case UNDEFINED -> Optional.of(ofUndefined(frame, path));
      default -> Optional.of(step(frame, entry.get(), path));
    };
  }

  private static boolean isUndefined(Optional<OrcEntry> entry) {
    return entry.isEmpty() || entry.get().kind() == Kind.UNDEFINED;
  }

  private static BrokenStack undefined(X86Frame frame) {
    return new BrokenStack("ORC knows no way back from " + Hex.of(frame.rip()));
  }

  /**
   * The caller of a function that ORC leaves out, by the frame that the function makes: certain
   * where it is behind a call of that very function.
   */
  private X86Frame ofUndefined(X86Frame frame, StackPath path) throws BrokenStack, VmcoreException {
    Optional<OrcEntry> entry = X86Prologue.entry(memory, functions, frame.rip());
    if (entry.isEmpty()) {
      throw undefined(frame);
    }
    X86Frame caller = step(frame, entry.get(), path);
    if (calls.names(caller.rip(), frame.rip())) {
      return caller;
    }
    if (!calls.isCall(caller.rip())) {
      throw undefined(frame);
    }
    return marked(caller);
  }

  /** The caller by a guess, which has to be a place behind a call. */
  private X86Frame ofUnknown(X86Frame frame, OrcEntry guess, StackPath path)
      throws BrokenStack, VmcoreException {
    boolean isGenerated = frame.rip() >= GENERATED && frame.rip() < 0;
    if (guess.sp() == Base.BP && !isGenerated) {
      throw new BrokenStack(Hex.of(frame.rip()) + " isn't code that ORC knows");
    }
    X86Frame caller = marked(step(frame, guess, path));
    if (isUndefined(orc.at(caller.rip() - 1)) || !calls.isCall(caller.rip())) {
      throw new BrokenStack(
          Hex.of(frame.rip()) + " isn't code that ORC knows, and its caller isn't found");
    }
    return caller;
  }

  private static X86Frame marked(X86Frame frame) {
    return new X86Frame(
        frame.rip(), frame.rsp(), frame.rbp(), frame.isInterrupted(), false, frame.registers());
  }

  private X86Frame step(X86Frame frame, OrcEntry entry, StackPath path)
      throws BrokenStack, VmcoreException {
    long cfa = cfa(frame, entry);
    path.moveTo(entry.kind() == Kind.CALL ? cfa : cfa + WORD);
    return switch (entry.kind()) {
      case CALL -> called(frame, entry, cfa);
      case REGS -> interrupted(frame, entry, ptRegs.at(memory, cfa), path);
      case REGS_PARTIAL -> interrupted(frame, entry, partial(frame, entry, cfa), path);
      default -> throw undefined(frame);
    };
  }

  /** Where the caller's stack pointer was, or where its registers are. */
  private long cfa(X86Frame frame, OrcEntry entry) throws BrokenStack, VmcoreException {
    return switch (entry.sp()) {
      case SP -> frame.rsp() + entry.spOffset();
      case BP -> frame.rbp() + entry.spOffset();
      case SP_INDIRECT -> memory.word(frame.rsp()) + entry.spOffset();
      case BP_INDIRECT -> memory.word(frame.rbp() + entry.spOffset());
      case AX, DX, DI, R10, R13 -> frame.other(entry.sp().register());
      case PREV_SP, UNDEFINED -> throw undefined(frame);
    };
  }

  private X86Frame called(X86Frame frame, OrcEntry entry, long cfa)
      throws BrokenStack, VmcoreException {
    long rip = memory.word(cfa - WORD);
    if (rip >= 0 || (orc.at(rip - 1).isEmpty() && rip < GENERATED)) {
      throw new BrokenStack(
          Hex.of(rip) + ", the return address at " + Hex.of(cfa - WORD) + ", isn't code");
    }
    return new X86Frame(rip, cfa, rbp(frame, entry, cfa), false, frame.isReliable(), List.of());
  }

  private long rbp(X86Frame frame, OrcEntry entry, long cfa) throws BrokenStack, VmcoreException {
    return switch (entry.bp()) {
      case PREV_SP -> memory.word(cfa + entry.bpOffset());
      case BP -> memory.word(frame.rbp() + entry.bpOffset());
      default -> frame.rbp();
    };
  }

  /** The CPU's own part of the registers, and those that weren't changed since. */
  private List<Register> partial(X86Frame frame, OrcEntry entry, long cfa)
      throws BrokenStack, VmcoreException {
    List<Register> registers = new ArrayList<>(ptRegs.iretAt(memory, cfa));
    registers.addFirst(new Register("rbp", rbp(frame, entry, cfa + ptRegs.iretOffset())));
    return List.copyOf(registers);
  }

  private X86Frame interrupted(
      X86Frame frame, OrcEntry entry, List<Register> registers, StackPath path) throws BrokenStack {
    X86Frame caller = X86Frame.interrupted(registers);
    if (!caller.isUser()) {
      path.moveTo(caller.rsp());
    }
    return new X86Frame(
        caller.rip(),
        caller.rsp(),
        caller.rbp(),
        entry.isSignal() || caller.isUser(),
        frame.isReliable(),
        registers);
  }
}
