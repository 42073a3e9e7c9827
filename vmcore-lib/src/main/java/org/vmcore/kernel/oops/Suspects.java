package org.vmcore.kernel.oops;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Whom a report names as stuck, blocked or in the way.
 *
 * @param cpu of a lockup or an RCU stall: the first CPU that is stuck
 * @param task of a soft lockup: what is stuck on it; of an RCU stall that no CPU is to blame for:
 *     the first task that was preempted inside of a reader; of memory that ran out: the task that
 *     holds most of it
 * @param blocked of hung tasks: those that are blocked, in the log's order
 * @param owner of hung tasks: whom the kernel holds for the owner of what the first one waits for
 */
public record Suspects(
    OptionalInt cpu, Optional<TaskName> task, List<TaskName> blocked, Optional<TaskName> owner) {
  private static final Suspects NONE =
      new Suspects(OptionalInt.empty(), Optional.empty(), List.of(), Optional.empty());
  private static final String TASK = "INFO: task ";
  private static final String OWNER = "likely owned by task ";
  private static final String BLOCKED = "Tasks blocked on level-";
  private static final String SHOWN = "task:";
  private static final int MOST_BLOCKED = 256;

  /** An unmodifiable copy of the list is kept. */
  public Suspects {
    blocked = List.copyOf(blocked);
  }

  static Suspects of(CrashKind kind, List<LogLine> report, List<LogLine> all) {
    return switch (kind) {
      case SOFT_LOCKUP -> report.isEmpty() ? NONE : stuck(report.getFirst().text());
      case HARD_LOCKUP -> report.isEmpty() ? NONE : locked(report.getFirst().text());
      case RCU_STALL -> stalled(report, all);
      case HUNG_TASK -> blocked(all);
      case OUT_OF_MEMORY ->
          new Suspects(OptionalInt.empty(), Hog.of(all), List.of(), Optional.empty());
      default -> NONE;
    };
  }

  private static OptionalInt known(int number) {
    return number < 0 ? OptionalInt.empty() : OptionalInt.of(number);
  }

  private static Suspects ofCpu(int cpu) {
    return new Suspects(known(cpu), Optional.empty(), List.of(), Optional.empty());
  }

  /** {@code … soft lockup - CPU#2 stuck for 5s! [fx-waiter:298]}. */
  private static Suspects stuck(String line) {
    int open = line.indexOf('[');
    int close = line.lastIndexOf(']');
    Optional<TaskName> task =
        open < 0 || close < open ? Optional.empty() : TaskName.of(line.substring(open + 1, close));
    int cpu = Text.numberBehind(line, "CPU#");
    return new Suspects(known(cpu), task, List.of(), Optional.empty());
  }

  /** {@code CPU3: … hard LOCKUP on cpu 1}; of ppc64 {@code CPU 1 … hard LOCKUP on other CPUs 2}. */
  private static Suspects locked(String line) {
    for (String key : new String[] {"on other CPUs ", "on cpu ", "CPU "}) {
      int cpu = Text.numberBehind(line, key);
      if (cpu >= 0) {
        return ofCpu(cpu);
      }
    }
    return NONE;
  }

  /** Behind the first line one for each CPU: {@code rcu: 1-....: (5249 ticks this GP) …}. */
  private static Suspects stalled(List<LogLine> report, List<LogLine> all) {
    for (int i = 1; i < report.size(); i++) {
      String line = report.get(i).text();
      int from = Text.skipBlanks(line, line.startsWith("rcu:") ? 4 : 0);
      int cpu = Text.decimal(line, from);
      int dash = line.indexOf('-', from);
      if (cpu >= 0 && dash > from && dash - from <= 9 && line.contains(": (")) {
        return ofCpu(cpu);
      }
    }
    return new Suspects(OptionalInt.empty(), preempted(report, all), List.of(), Optional.empty());
  }

  /**
   * {@code rcu: Tasks blocked on level-0 rcu_node (CPUs 0-3): P1234/1:b..l}, before 5.6 {@code
   * P1234}; its name is in a line of its own ({@code rcu_print_task_stall} of {@code
   * kernel/rcu/tree_stall.h}).
   */
  private static Optional<TaskName> preempted(List<LogLine> report, List<LogLine> all) {
    for (LogLine line : report) {
      int pid = line.text().contains(BLOCKED) ? Text.numberBehind(line.text(), "): P") : -1;
      if (pid >= 0) {
        return Optional.of(new TaskName(name(pid, all), pid));
      }
    }
    return Optional.empty();
  }

  /** By {@code task:fx-reader state:R … pid:1234 …}; empty where there is no such line. */
  private static String name(int pid, List<LogLine> all) {
    for (LogLine line : all) {
      String text = line.text();
      int end = text.startsWith(SHOWN) ? text.indexOf(" state:") : -1;
      if (end > 0 && Text.numberBehind(text, " pid:") == pid) {
        return text.substring(SHOWN.length(), end).strip();
      }
    }
    return "";
  }

  private static Suspects blocked(List<LogLine> lines) {
    Set<TaskName> blocked = new LinkedHashSet<>();
    Optional<TaskName> owner = Optional.empty();
    for (LogLine line : lines) {
      String text = line.text();
      int end = text.startsWith(TASK) ? text.lastIndexOf(" blocked ") : -1;
      if (end > TASK.length()
          && text.contains(" for more than ")
          && blocked.size() < MOST_BLOCKED) {
        TaskName.of(text.substring(TASK.length(), end)).ifPresent(blocked::add);
      }
      owner = owner.isEmpty() ? owner(text) : owner;
    }
    return new Suspects(OptionalInt.empty(), Optional.empty(), new ArrayList<>(blocked), owner);
  }

  /** {@code … is blocked on a mutex likely owned by task b:120.}, since 6.16. */
  private static Optional<TaskName> owner(String line) {
    int at = line.startsWith(TASK) ? line.indexOf(OWNER) : -1;
    return at < 0 ? Optional.empty() : TaskName.of(line.substring(at + OWNER.length()));
  }
}
