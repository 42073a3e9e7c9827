package org.vmcore.kernel.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.vmcore.kernel.oops.CodePlace;
import org.vmcore.kernel.oops.CrashReport;
import org.vmcore.kernel.oops.TaskName;
import org.vmcore.kernel.reading.Gap;
import org.vmcore.kernel.stacks.Frame;
import org.vmcore.kernel.stacks.Stack;
import org.vmcore.kernel.tasks.Task;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/** The stacks that tell of a crash: out of memory or, where that doesn't tell, out of the log. */
final class CrashStacks {
  private static final String NO_STACK = "a stack, so the log alone tells it";

  private final Evidence evidence;
  private final CrashReport report;
  private final CrashPlaces places;
  private final List<Finding> gaps;

  CrashStacks(Evidence evidence, CrashReport report, CrashPlaces places, List<Finding> gaps) {
    this.evidence = evidence;
    this.report = report;
    this.places = places;
    this.gaps = gaps;
  }

  /** That of the CPU that panicked. */
  Optional<CrashStack> panicking(Optional<Task> task) throws VmcoreException {
    Optional<CrashStack> own = task.isEmpty() ? ofCpu() : ofMemory(task.get(), false, true);
    return own.isPresent()
        ? own
        : ofLog(report.panicFrames(), false, true, report.task(), report.cpu());
  }

  /** The guilty one's first; that of the CPU that panicked behind it, where it is another. */
  List<CrashStack> all(
      Optional<CrashStack> panicking, Optional<Task> panicked, Optional<Suspect> suspect)
      throws VmcoreException {
    List<CrashStack> all = new ArrayList<>();
    boolean isOne = isPanicked(panicked, suspect);
    if (suspect.isPresent() && !isOne) {
      guilty(suspect.get()).ifPresent(all::add);
    }
    if (panicking.isPresent()) {
      all.add(isOne ? asGuilty(panicking.get()) : panicking.get());
    }
    return all;
  }

  private boolean isPanicked(Optional<Task> panicked, Optional<Suspect> suspect) {
    if (suspect.isEmpty()) {
      return false;
    }
    Optional<TaskName> name = suspect.get().guilty().task();
    if (suspect.get().task().isPresent() && panicked.isPresent()) {
      return suspect.get().task().get().address() == panicked.get().address();
    }
    return name.isEmpty() || name.equals(report.task());
  }

  private static CrashStack asGuilty(CrashStack stack) {
    return new CrashStack(
        true, true, stack.task(), stack.cpu(), stack.isOfLog(), stack.frames(), stack.brokenOff());
  }

  private Optional<CrashStack> guilty(Suspect suspect) throws VmcoreException {
    Guilty guilty = suspect.guilty();
    Optional<CrashStack> own =
        suspect.task().isEmpty() ? Optional.empty() : ofMemory(suspect.task().get(), true, false);
    boolean isReported = guilty.task().isPresent() && isReported(guilty.task().get());
    return own.isPresent() || !isReported
        ? own
        : ofLog(report.frames(), true, false, guilty.task(), guilty.cpu());
  }

  /** Whether the log's report is of this task. */
  private boolean isReported(TaskName task) {
    List<TaskName> blocked = report.suspects().blocked();
    return Optional.of(task).equals(report.suspects().task())
        || (!blocked.isEmpty() && blocked.getFirst().equals(task));
  }

  private Optional<CrashStack> ofMemory(Task task, boolean isGuilty, boolean isPanicking) {
    try {
      Optional<TaskName> name = Optional.of(Evidence.name(task));
      return ofMemory(evidence.stack(task), name, task.cpu(), isGuilty, isPanicking);
    } catch (VmcoreException e) {
      gap(e);
      return Optional.empty();
    }
  }

  private Optional<CrashStack> ofMemory(
      Stack stack,
      Optional<TaskName> task,
      OptionalInt cpu,
      boolean isGuilty,
      boolean isPanicking) {
    if (stack.frames().isEmpty()) {
      stack.brokenOff().ifPresent(this::gap);
      return Optional.empty();
    }
    List<CrashFrame> frames = frames(stack);
    return Optional.of(
        new CrashStack(isGuilty, isPanicking, task, cpu, false, frames, stack.brokenOff()));
  }

  /** By the registers of a CPU that called {@code panic}, where tasks aren't known. */
  private Optional<CrashStack> ofCpu() {
    try {
      Optional<Stack> stack = evidence.crashed();
      return stack.isEmpty()
          ? Optional.empty()
          : ofMemory(stack.get(), report.task(), report.cpu(), false, true);
    } catch (VmcoreException e) {
      gap(e);
      return Optional.empty();
    }
  }

  private void gap(VmcoreException why) {
    gaps.add(Gap.of("crash", NO_STACK, why));
  }

  private void gap(Finding why) {
    String message = NO_STACK + ": " + why.message();
    gaps.add(new Finding("crash", why.severity(), OptionalLong.empty(), message));
  }

  private static List<CrashFrame> frames(Stack stack) {
    List<CrashFrame> frames = new ArrayList<>(stack.frames().size());
    for (Frame frame : stack.frames()) {
      OptionalLong address = OptionalLong.of(frame.address());
      frames.add(new CrashFrame(address, Evidence.place(frame), frame.isReliable()));
    }
    return frames;
  }

  private Optional<CrashStack> ofLog(
      List<CodePlace> trace,
      boolean isGuilty,
      boolean isPanicking,
      Optional<TaskName> task,
      OptionalInt cpu)
      throws VmcoreException {
    List<CrashFrame> frames = new ArrayList<>(trace.size());
    for (CodePlace place : places.callers(trace)) {
      frames.add(new CrashFrame(OptionalLong.empty(), Optional.of(place), true));
    }
    return frames.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new CrashStack(isGuilty, isPanicking, task, cpu, true, frames, Optional.empty()));
  }
}
