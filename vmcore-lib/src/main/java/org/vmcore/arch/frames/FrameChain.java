package org.vmcore.arch.frames;

import java.util.List;
import java.util.Optional;

/**
 * How frames are chained on an architecture's stacks: a register leads to the first, and each has a
 * word that leads to the next.
 *
 * @param names of the registers that unwinding needs
 * @param links where the words lie
 * @param sleeping where a task that sleeps begins
 * @param user how user space is told
 * @param exceptions how interrupted code is found
 * @param ptRegs the registers in struct pt_regs, words, in on-disk order
 * @param ptRegsStart where in struct pt_regs the first of them lies
 * @param stacks each CPU's
 * @param code what a function's instructions tell of its frame
 */
public record FrameChain(
    Names names,
    Links links,
    SleepingTask sleeping,
    UserMode user,
    Exceptions exceptions,
    List<String> ptRegs,
    Place ptRegsStart,
    List<CpuStack> stacks,
    FrameCode code) {
  /**
   * The registers that unwinding needs, by their names in NT_PRSTATUS.
   *
   * @param pc the instruction pointer
   * @param sp the stack pointer
   * @param frame the one that leads to the first frame, which may be the stack pointer
   * @param link the return address of a function that has called no other
   * @param task struct task_struct of the task that runs; empty where no register has it
   */
  public record Names(String pc, String sp, String frame, String link, Optional<String> task) {}

  /** What of a frame its register points to. */
  public enum Shape {
    /** Its end, which is the caller's stack pointer. */
    END,

    /** Its words, wherever in it they lie: nothing tells where it begins or ends. */
    RECORD,

    /**
     * Its beginning, which is the stack pointer; callees save the return address in their caller's
     * frame.
     */
    BACK_CHAIN
  }

  /**
   * Where the words of a frame lie, from what the frame's register points to.
   *
   * @param next the word that leads to the caller's frame
   * @param returnAddress where the function returns to
   * @param leafNext the first word where the return address wasn't saved
   * @param signature the number of VMCOREINFO that has the bits of a return address in which there
   *     may be a signature; all of them are set in the address itself
   */
  public record Links(
      Shape shape, Place next, Place returnAddress, Place leafNext, Optional<String> signature) {
    /** Frames that have both words, in front of what the register points to. */
    public static Links atEnd(long next, long returnAddress, long leafNext) {
      return new Links(
          Shape.END, Place.at(next), Place.at(returnAddress), Place.at(leafNext), Optional.empty());
    }

    /** Both words, one behind the other, which the register points to; signed return addresses. */
    public static Links record(long returnAddress, String signature) {
      return new Links(
          Shape.RECORD, Place.at(0), Place.at(returnAddress), Place.at(0), Optional.of(signature));
    }

    /** A back chain. */
    public static Links backChain(Place next, Place returnAddress) {
      return new Links(Shape.BACK_CHAIN, next, returnAddress, next, Optional.empty());
    }

    /** Whether the return address lies in the caller's frame, not in the function's own. */
    public boolean isInCaller() {
      return shape == Shape.BACK_CHAIN;
    }
  }
}
