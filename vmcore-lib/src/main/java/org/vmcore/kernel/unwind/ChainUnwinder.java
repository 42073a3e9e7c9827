package org.vmcore.kernel.unwind;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.vmcore.arch.frames.FrameChain;
import org.vmcore.arch.frames.FrameChain.Shape;
import org.vmcore.arch.frames.FrameCode.State;
import org.vmcore.elf.Register;
import org.vmcore.kernel.unwind.Trace.Step;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * Stacks of the architectures whose frames are chained, as their {@link FrameChain} says. What
 * isn't certain is marked, and so is all behind it (FORMATS.md, 219).
 */
public final class ChainUnwinder {
  private final StackMemory memory;
  private final Functions functions;
  private final FrameChain chain;
  private final ChainLayout layout;
  private final ChainRegisters ptRegs;
  private final ChainCode code;

  /** Stacks in {@code memory}, of a kernel that has {@code layout}. */
  public ChainUnwinder(
      StackMemory memory, Functions functions, FrameChain chain, ChainLayout layout) {
    this.memory = memory;
    this.functions = functions;
    this.chain = chain;
    this.layout = layout;
    this.ptRegs = new ChainRegisters(memory, chain, layout);
    this.code = new ChainCode(memory, functions, chain.code());
  }

  /**
   * A frame.
   *
   * @param frame what its register points to
   * @param pointer its stack pointer; where nothing tells that, {@code frame}
   * @param registers all of them where it was interrupted; else none
   */
  private record At(
      long pc, long frame, long pointer, boolean isReliable, List<Register> registers) {
    boolean isInterrupted() {
      return !registers.isEmpty();
    }
  }

  /** Unwinds from what a CPU's registers tell of. */
  public void running(List<Register> registers, List<StackRange> stacks, Trace trace)
      throws VmcoreException {
    if (ptRegs.isUser(registers)) {
      trace.user(registers);
      return;
    }
    At start = interrupted(registers, true);
    unwind(start, new StackPath(stacks, start.pointer()), stacks, trace);
  }

  /** Unwinds from where a task that sleeps goes on, its registers being these. */
  public void sleeping(long pc, long frame, long pointer, List<StackRange> stacks, Trace trace)
      throws VmcoreException {
    At start = called(pc, frame, pointer, true);
    unwind(start, new StackPath(stacks, start.pointer()), stacks, trace);
  }

  /** Unwinds from the caller of the function whose frame is at {@code pointer}. */
  public void callerOf(long pointer, List<StackRange> stacks, Trace trace) throws VmcoreException {
    StackPath path = new StackPath(stacks, pointer);
    try {
      Optional<At> start = next(new At(0, pointer, pointer, true, List.of()), path, stacks, trace);
      if (start.isPresent()) {
        unwind(start.get(), path, stacks, trace);
      }
    } catch (BrokenStack e) {
      trace.breakOff(e);
    }
  }

  private void unwind(At start, StackPath path, List<StackRange> stacks, Trace trace)
      throws VmcoreException {
    Optional<At> at = Optional.of(start);
    try {
      while (at.isPresent()) {
        At frame = at.get();
        trace.add(
            new Step(
                frame.pc(),
                frame.pointer(),
                frame.isInterrupted(),
                frame.isReliable(),
                frame.registers()));
        at = caller(frame, path, stacks, trace);
      }
    } catch (BrokenStack e) {
      trace.breakOff(e);
    }
  }

  private At interrupted(List<Register> registers, boolean isReliable) {
    return new At(
        PtRegs.value(registers, chain.names().pc()),
        PtRegs.value(registers, chain.names().frame()),
        PtRegs.value(registers, chain.names().sp()),
        isReliable,
        registers);
  }

  private Optional<At> caller(At frame, StackPath path, List<StackRange> stacks, Trace trace)
      throws BrokenStack, VmcoreException {
    if (frame.isInterrupted()) {
      return ofInterrupted(frame, path, stacks, trace);
    }
    if (isIn(layout.handlers(), frame.pc())) {
      return exception(frame.pointer(), frame, path, trace);
    }
    if (isIn(layout.ends(), frame.pc())) {
      return end(frame.frame(), stacks, trace);
    }
    OptionalLong marked = ptRegs.marked(frame.frame());
    return marked.isPresent()
        ? exception(marked.getAsLong(), frame, path, trace)
        : next(frame, path, stacks, trace);
  }

  private boolean isIn(Set<Long> starts, long pc) throws VmcoreException {
    if (starts.isEmpty()) {
      return false;
    }
    OptionalLong start = functions.startOf(pc - 1);
    return start.isPresent() && starts.contains(start.getAsLong());
  }

  private Optional<At> ofInterrupted(At frame, StackPath path, List<StackRange> stacks, Trace trace)
      throws BrokenStack, VmcoreException {
    State state = code.state(frame.pc());
    long link = PtRegs.value(frame.registers(), chain.names().link()) | layout.signature();
    boolean isInCaller = chain.links().isInCaller();
    if (state.hasFrame() && state.isSaved()) {
      return next(frame, path, stacks, trace);
    }
    if (isInCaller && state.isSaved()) {
      link = memory.word(frame.frame() + layout.returnAddress());
    }
    if (!isCode(link)) {
      return next(marked(frame), path, stacks, trace);
    }
    boolean isReliable = frame.isReliable() && code.leadsTo(link, frame.pc());
    return Optional.of(
        state.hasFrame()
            ? ofLeaf(link, frame, isReliable, path)
            : called(link, frame.frame(), frame.pointer(), isReliable));
  }

  /** The caller of a function that made a frame, but keeps the return address in a register. */
  private At ofLeaf(long link, At frame, boolean isReliable, StackPath path)
      throws BrokenStack, VmcoreException {
    aligned(frame.frame());
    long next = memory.word(frame.frame() + layout.leafNext());
    long pointer = chain.links().isInCaller() ? next : frame.frame();
    path.moveTo(pointer);
    return called(link, next, pointer, isReliable);
  }

  private static At marked(At frame) {
    return new At(frame.pc(), frame.frame(), frame.pointer(), false, frame.registers());
  }

  private Optional<At> next(At frame, StackPath path, List<StackRange> stacks, Trace trace)
      throws BrokenStack, VmcoreException {
    if (frame.frame() == 0) {
      return end(frame.frame(), stacks, trace);
    }
    aligned(frame.frame());
    return chain.links().isInCaller()
        ? ofBackChain(frame, path, stacks, trace)
        : ofRecord(frame, path, stacks, trace);
  }

  private Optional<At> ofRecord(At frame, StackPath path, List<StackRange> stacks, Trace trace)
      throws BrokenStack, VmcoreException {
    long at = frame.frame();
    path.moveTo(at + Math.max(0, layout.returnAddress())); // one may lie at the stack pointer
    long next = memory.word(at + layout.next());
    long pc = memory.word(at + layout.returnAddress());
    OptionalLong registers = ptRegs.around(at, next, pc);
    if (registers.isPresent()) {
      return exception(registers.getAsLong(), frame, path, trace);
    }
    if (next == 0 && pc == 0) {
      return end(at, stacks, trace);
    }
    return Optional.of(returned(pc, at + layout.returnAddress(), next, at, frame.isReliable()));
  }

  private Optional<At> ofBackChain(At frame, StackPath path, List<StackRange> stacks, Trace trace)
      throws BrokenStack, VmcoreException {
    long next = memory.word(frame.frame() + layout.next());
    if (next == 0) {
      return behindLast(frame, path, stacks, trace);
    }
    aligned(next);
    path.moveTo(next);
    long pc = memory.word(next + layout.returnAddress());
    if (!isCode(pc) && memory.word(next + layout.next()) == 0) {
      return behindLast(new At(pc, next, next, frame.isReliable(), List.of()), path, stacks, trace);
    }
    return Optional.of(returned(pc, next + layout.returnAddress(), next, next, frame.isReliable()));
  }

  /** The frame that {@code word}, the return address at {@code at}, leads to. */
  private At returned(long word, long at, long frame, long pointer, boolean isReliable)
      throws BrokenStack, VmcoreException {
    long pc = word | layout.signature();
    if (!isCode(pc)) {
      throw new BrokenStack(
          Hex.of(word) + ", the return address at " + Hex.of(at) + ", isn't code");
    }
    return called(pc, frame, pointer, isReliable);
  }

  /** A frame from which another was called. */
  private At called(long pc, long frame, long pointer, boolean isReliable) {
    boolean isRecord = chain.links().shape() == Shape.RECORD;
    return new At(pc, frame, isRecord ? frame : pointer, isReliable, List.of());
  }

  /** Behind a frame that no other follows there may be the registers of an exception. */
  private Optional<At> behindLast(At frame, StackPath path, List<StackRange> stacks, Trace trace)
      throws BrokenStack, VmcoreException {
    if (layout.behindLast().isEmpty()) {
      return end(frame.frame(), stacks, trace);
    }
    long registers = frame.frame() + layout.behindLast().getAsLong();
    if (!path.hasRoom(registers, layout.ptRegsSize())) {
      return Optional.empty();
    }
    List<Register> all = ptRegs.at(registers);
    return ptRegs.isUser(all) || isCode(PtRegs.value(all, chain.names().pc()))
        ? exception(registers, frame, path, trace)
        : Optional.empty();
  }

  private Optional<At> exception(long address, At frame, StackPath path, Trace trace)
      throws BrokenStack, VmcoreException {
    aligned(address);
    List<Register> registers = ptRegs.at(address);
    if (ptRegs.isUser(registers)) {
      trace.user(registers);
      return Optional.empty();
    }
    At interrupted = interrupted(registers, frame.isReliable());
    path.moveTo(interrupted.pointer());
    return Optional.of(interrupted);
  }

  /** The end of the stack, where the registers of user space may be. */
  private Optional<At> end(long frame, List<StackRange> stacks, Trace trace)
      throws BrokenStack, VmcoreException {
    ptRegs.ofUser(frame, stacks).ifPresent(trace::user);
    return Optional.empty();
  }

  private void aligned(long address) throws BrokenStack {
    if ((address & (memory.wordSize() - 1)) != 0) {
      throw new BrokenStack("the frame's address, " + Hex.of(address) + ", isn't aligned");
    }
  }

  private boolean isCode(long address) throws VmcoreException {
    return address != 0 && functions.startOf(address - 1).isPresent();
  }
}
