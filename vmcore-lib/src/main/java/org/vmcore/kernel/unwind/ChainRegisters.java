package org.vmcore.kernel.unwind;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.arch.frames.Exceptions;
import org.vmcore.arch.frames.Exceptions.Embedded;
import org.vmcore.arch.frames.Exceptions.Marker;
import org.vmcore.arch.frames.FrameChain;
import org.vmcore.elf.Register;
import org.vmcore.memory.VmcoreException;

/** Where struct pt_regs of what an exception interrupted lies among chained frames. */
final class ChainRegisters {
  private static final int ALIGNMENT = 16;

  private final StackMemory memory;
  private final FrameChain chain;
  private final Exceptions exceptions;
  private final ChainLayout layout;
  private final PtRegs ptRegs;

  ChainRegisters(StackMemory memory, FrameChain chain, ChainLayout layout) {
    this.memory = memory;
    this.chain = chain;
    this.exceptions = chain.exceptions();
    this.layout = layout;
    this.ptRegs = new PtRegs(chain.ptRegs());
  }

  /** The registers of struct pt_regs at {@code address}. */
  List<Register> at(long address) throws BrokenStack, VmcoreException {
    return ptRegs.at(memory, address + layout.ptRegsStart());
  }

  /** Where no register has the mode, user space is the lower half of all addresses. */
  boolean isUser(List<Register> registers) {
    String mode = chain.user().register();
    return PtRegs.has(registers, mode)
        ? chain.user().isUser(PtRegs.value(registers, mode))
        : PtRegs.value(registers, chain.names().pc()) >= 0;
  }

  /** Those in the frame, where it has the marker of an exception. */
  OptionalLong marked(long frame) throws VmcoreException {
    try {
      for (Marker marker : exceptions.markers()) {
        if (memory.word(frame + marker.at()) == marker.value()) {
          return OptionalLong.of(frame + marker.registers());
        }
      }
    } catch (BrokenStack e) {
      return OptionalLong.empty(); // it ends in front of where a marker would be
    }
    return OptionalLong.empty();
  }

  /**
   * Those that the frame is part of: they say the same as it does, or it is zeros, and marked.
   *
   * @param next what it says of the caller's frame
   * @param pc what it says of where to return to
   */
  OptionalLong around(long frame, long next, long pc) throws VmcoreException {
    Optional<Embedded> embedded = exceptions.embedded();
    if (embedded.isEmpty()) {
      return OptionalLong.empty();
    }
    long registers = frame - layout.embedded().orElse(0);
    try {
      boolean isPart =
          (next == 0 && pc == 0)
              ? memory.word(frame + embedded.get().kind()) == embedded.get().interrupted()
              : word(registers, chain.names().pc()) == pc
                  && word(registers, chain.names().frame()) == next;
      return isPart ? OptionalLong.of(registers) : OptionalLong.empty();
    } catch (BrokenStack e) {
      return OptionalLong.empty(); // there is no room for them
    }
  }

  private long word(long registers, String name) throws BrokenStack, VmcoreException {
    long behind = (long) memory.wordSize() * chain.ptRegs().indexOf(name);
    return memory.word(registers + layout.ptRegsStart() + behind);
  }

  /**
   * Those of user space, where a stack ends and they are there.
   *
   * @param frame the last; 0 where there is none
   */
  Optional<List<Register>> ofUser(long frame, List<StackRange> stacks)
      throws BrokenStack, VmcoreException {
    OptionalLong address = atEnd(frame, stacks);
    if (address.isEmpty()) {
      return Optional.empty();
    }
    List<Register> registers = at(address.getAsLong());
    return isUser(registers) && PtRegs.value(registers, chain.names().pc()) != 0
        ? Optional.of(registers)
        : Optional.empty();
  }

  private OptionalLong atEnd(long frame, List<StackRange> stacks) {
    if (exceptions.embedded().isPresent() && frame != 0) {
      return OptionalLong.of(frame - layout.embedded().orElse(0));
    }
    return exceptions.isUserAtTop() && !stacks.isEmpty()
        ? OptionalLong.of(
            stacks.getFirst().end() - (layout.ptRegsSize() + ALIGNMENT - 1 & -ALIGNMENT))
        : OptionalLong.empty();
  }
}
