package org.vmcore.arch.frames;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a task that sleeps keeps the registers with which it goes on.
 *
 * @param stackPointer member of struct task_struct
 * @param hasSwitchFrame whether the frame at the stack pointer is that of the function that
 *     switches tasks, and only its caller's is shown
 * @param members the registers that are members of struct task_struct
 * @param words the registers that lie in the frame at the stack pointer
 */
public record SleepingTask(
    String stackPointer, boolean hasSwitchFrame, List<Member> members, List<Word> words) {
  /** A register and the member of struct task_struct that has it. */
  public record Member(String register, String path) {}

  /** A register and where it lies, from the stack pointer on. */
  public record Word(String register, Place place) {}

  /** A task of which nothing but the stack pointer is known. */
  public static SleepingTask at(String stackPointer) {
    return new SleepingTask(stackPointer, false, List.of(), List.of());
  }

  /** This task, its stack pointer that of the function that switches tasks. */
  public SleepingTask inSwitchFrame() {
    return new SleepingTask(stackPointer, true, members, words);
  }

  /** This task, and a register that is a member of struct task_struct. */
  public SleepingTask with(String register, String path) {
    List<Member> all = new ArrayList<>(members);
    all.add(new Member(register, path));
    return new SleepingTask(stackPointer, hasSwitchFrame, List.copyOf(all), words);
  }

  /** This task, and a register that lies in the frame at its stack pointer. */
  public SleepingTask with(String register, Place place) {
    List<Word> all = new ArrayList<>(words);
    all.add(new Word(register, place));
    return new SleepingTask(stackPointer, hasSwitchFrame, members, List.copyOf(all));
  }

  /** The member that has {@code register}; empty where the stack tells it. */
  public Optional<String> path(String register) {
    for (Member member : members) {
      if (member.register().equals(register)) {
        return Optional.of(member.path());
      }
    }
    return Optional.empty();
  }
}
