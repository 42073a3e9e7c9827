package org.vmcore.kernel.unwind;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.elf.Register;
import org.vmcore.memory.Finding;

/** What is found while a stack is unwound. */
public final class Trace {
  /** More frames than any stack has room for. */
  private static final int MOST = 1 << 13;

  /**
   * A frame, without its name.
   *
   * @param pc where it was, or where it is returned to
   * @param pointer its stack pointer
   * @param isInterrupted whether it was at {@code pc} itself, not in the call in front of it
   * @param isReliable whether it is certain
   * @param registers all of them, where it was interrupted and they are known
   */
  public record Step(
      long pc, long pointer, boolean isInterrupted, boolean isReliable, List<Register> registers) {
    /** An address inside the instruction that it was at. */
    public long inside() {
      return isInterrupted ? pc : pc - 1;
    }
  }

  private final List<Step> steps = new ArrayList<>();
  private List<Register> user = List.of();
  private Optional<Finding> broken = Optional.empty();

  void add(Step step) throws BrokenStack {
    if (steps.size() == MOST) {
      throw new BrokenStack("more than " + MOST + " frames");
    }
    steps.add(step);
  }

  /** The stack ends with user space, whose registers these are. */
  void user(List<Register> registers) {
    user = registers;
  }

  /** The stack ends where it shouldn't. */
  public void breakOff(BrokenStack why) {
    broken = Optional.of(why.finding());
  }

  public List<Step> steps() {
    return steps;
  }

  public List<Register> user() {
    return user;
  }

  public Optional<Finding> broken() {
    return broken;
  }
}
