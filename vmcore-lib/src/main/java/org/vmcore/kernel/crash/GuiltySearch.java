package org.vmcore.kernel.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.vmcore.kernel.oops.CrashReport;
import org.vmcore.kernel.oops.TaskName;
import org.vmcore.kernel.stacks.Frame;
import org.vmcore.kernel.stacks.Stack;
import org.vmcore.kernel.tasks.Task;
import org.vmcore.memory.VmcoreException;

/** Says who is at fault, who isn't always who panicked. */
final class GuiltySearch {
  /** What waits until other CPUs have answered. */
  private static final Set<String> WAITING_FOR_CPUS =
      Set.of(
          "smp_call_function_many_cond",
          "smp_call_function_single",
          "csd_lock_wait",
          "__csd_lock_wait",
          "csd_lock_wait_toolong",
          "on_each_cpu_cond_mask",
          "stop_machine_cpuslocked",
          "multi_cpu_stop");

  private static final String HOG = "holds most memory, by the log's table of tasks";
  private static final String HERE = "ran where it crashed";
  private static final String PREEMPTED =
      "was preempted inside of an RCU reader, which holds up the grace period";
  private static final String STUCK = "stuck: it ran there, and isn't seen to wait for another";

  private final Evidence evidence;
  private final CrashReport report;
  private final Optional<Task> panicked;

  GuiltySearch(Evidence evidence, CrashReport report, Optional<Task> panicked) {
    this.evidence = evidence;
    this.report = report;
    this.panicked = panicked;
  }

  /** Who it is; {@code frames} are those of the CPU that panicked. */
  Optional<Suspect> find(List<CrashFrame> frames) throws VmcoreException {
    return switch (report.kind()) {
      case SOFT_LOCKUP, HARD_LOCKUP -> stuck();
      case RCU_STALL -> report.suspects().task().isPresent() ? preempted() : stuck();
      case HUNG_TASK -> new HungTasks(evidence).guilty(report.suspects());
      case OUT_OF_MEMORY -> hog();
      case NMI -> Optional.of(nobody("an NMI: what it interrupted has no part in it"));
      case MACHINE_CHECK, SYSTEM_ERROR ->
          Optional.of(nobody("the hardware reported an error: what ran there may be innocent"));
      case SYSRQ, NONE, NO_ROOT, NO_INIT, WATCHDOG, WORKQUEUE_LOCKUP -> Optional.empty();
      default -> here(frames);
    };
  }

  /** Without memory: whom the log names. */
  static Optional<Suspect> byLog(CrashReport report) {
    Optional<TaskName> named = report.suspects().task();
    OptionalInt cpu = report.suspects().cpu();
    return switch (report.kind()) {
      case SOFT_LOCKUP, HARD_LOCKUP ->
          named.isEmpty() && cpu.isEmpty()
              ? Optional.empty()
              : Optional.of(Suspect.of(cpu, named, "stuck, as the log says"));
      case RCU_STALL ->
          named.isEmpty() && cpu.isEmpty()
              ? Optional.empty()
              : Optional.of(
                  Suspect.of(cpu, named, cpu.isEmpty() ? PREEMPTED : "stuck, as the log says"));
      case HUNG_TASK -> byLogHung(report);
      case OUT_OF_MEMORY ->
          named.isEmpty()
              ? Optional.empty()
              : Optional.of(Suspect.of(OptionalInt.empty(), named, HOG));
      case SYSRQ, NONE, NO_ROOT, NO_INIT, WATCHDOG, WORKQUEUE_LOCKUP -> Optional.empty();
      case NMI, MACHINE_CHECK, SYSTEM_ERROR ->
          Optional.of(Suspect.of(report.cpu(), Optional.empty(), "what ran there may be innocent"));
      default ->
          report.task().isEmpty()
              ? Optional.empty()
              : Optional.of(Suspect.of(report.cpu(), report.task(), HERE));
    };
  }

  private static Optional<Suspect> byLogHung(CrashReport report) {
    Optional<TaskName> owner = report.suspects().owner();
    List<TaskName> blocked = report.suspects().blocked();
    if (owner.isPresent()) {
      String why = "likely owns what the first blocked task waits for, as the log says";
      return Optional.of(Suspect.of(OptionalInt.empty(), owner, why));
    }
    return blocked.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Suspect.of(
                OptionalInt.empty(),
                Optional.of(blocked.getFirst()),
                "is blocked; who owns what it waits for isn't known"));
  }

  private Suspect nobody(String why) {
    OptionalInt cpu = panicked.isPresent() ? panicked.get().cpu() : report.cpu();
    return Suspect.of(cpu, Optional.empty(), why);
  }

  private Optional<Suspect> here(List<CrashFrame> frames) {
    if (Interrupts.isIn(frames)) {
      return Optional.of(
          nobody("an interrupt's or softirq's handler: the task that it interrupted is innocent"));
    }
    if (panicked.isEmpty() || (report.isSurvived() && !isReported(panicked.get()))) {
      return byLog(report);
    }
    return Optional.of(Suspect.of(panicked.get(), HERE, !report.isSurvived()));
  }

  private boolean isReported(Task task) {
    return report.task().isPresent() && report.task().get().pid() == task.pid();
  }

  private Optional<Suspect> hog() throws VmcoreException {
    Optional<TaskName> named = report.suspects().task();
    Optional<Task> task = named.isEmpty() ? Optional.empty() : evidence.task(named.get());
    if (task.isPresent()) {
      return Optional.of(Suspect.of(task.get(), HOG, false));
    }
    return named.isPresent() ? byLog(report) : new MemoryUse(evidence).largest();
  }

  /** A task that no longer runs and yet is inside of a reader. */
  private Optional<Suspect> preempted() throws VmcoreException {
    Optional<Task> task = evidence.task(report.suspects().task().orElseThrow());
    return task.isPresent() ? Optional.of(Suspect.of(task.get(), PREEMPTED, false)) : byLog(report);
  }

  /** The CPU that is stuck, or who keeps it. */
  private Optional<Suspect> stuck() throws VmcoreException {
    OptionalInt cpu = report.suspects().cpu();
    Optional<Task> ran = cpu.isEmpty() ? panicked : evidence.tasks().current(cpu.getAsInt());
    if (ran.isEmpty()) {
      return byLog(report);
    }
    Task task = ran.get();
    Stack stack = evidence.stack(task);
    if (SpinLocks.isSpinning(stack)) {
      Optional<Suspect> holder = new SpinLocks(evidence).holder(task, stack);
      Optional<Suspect> other = holder.isPresent() ? holder : deaf(task, "a spin lock");
      return other.isPresent()
          ? other
          : Optional.of(Suspect.of(task, "waits for a spin lock; who holds it isn't found", false));
    }
    Optional<Suspect> deaf =
        isWaitingForCpus(stack) ? deaf(task, "other CPUs' answers") : Optional.empty();
    return deaf.isPresent() ? deaf : Optional.of(Suspect.of(task, STUCK, false));
  }

  private static boolean isWaitingForCpus(Stack stack) {
    for (Frame frame : stack.frames()) {
      if (frame.isReliable() && WAITING_FOR_CPUS.contains(Evidence.function(frame))) {
        return true;
      }
    }
    return false;
  }

  /** The only other CPU that takes no interrupts and doesn't wait itself. */
  private Optional<Suspect> deaf(Task waiter, String what) throws VmcoreException {
    List<Task> deaf = new ArrayList<>();
    for (Task task : evidence.running(waiter)) {
      Stack stack = evidence.stack(task);
      boolean waits = SpinLocks.isSpinning(stack) || isWaitingForCpus(stack);
      boolean isDeaf = Interrupts.areOff(stack) || SpinLocks.didntStop(stack);
      if (!waits && !task.isIdle() && isDeaf) {
        deaf.add(task);
      }
    }
    if (deaf.size() != 1) {
      return Optional.empty();
    }
    String why =
        "the only other CPU that takes no interrupts, while "
            + Evidence.name(waiter)
            + " waits for "
            + what;
    return Optional.of(Suspect.of(deaf.getFirst(), why, false));
  }
}
