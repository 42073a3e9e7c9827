package org.vmcore.kernel.crash;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vmcore.kernel.crash.SleepingLocks.Held;
import org.vmcore.kernel.oops.Suspects;
import org.vmcore.kernel.oops.TaskName;
import org.vmcore.kernel.tasks.Task;
import org.vmcore.memory.VmcoreException;

/**
 * Who keeps hung tasks waiting: the owner of the lock that most of them wait for, at the end of the
 * chain where owners wait themselves.
 */
final class HungTasks {
  private static final int MOST_TASKS = 64;
  private static final int LONGEST_CHAIN = 32;

  private final Evidence evidence;
  private final SleepingLocks locks;

  HungTasks(Evidence evidence) throws VmcoreException {
    this.evidence = evidence;
    this.locks = new SleepingLocks(evidence);
  }

  /** Where the chain from a task that waits ends. */
  private record End(Task task, Held lock, boolean isDeadlock) {}

  /** Who is to blame for those whom the log names. */
  Optional<Suspect> guilty(Suspects suspects) throws VmcoreException {
    Map<Long, List<Task>> waiters = new LinkedHashMap<>();
    Map<Long, End> ends = new LinkedHashMap<>();
    int left = MOST_TASKS;
    for (TaskName name : suspects.blocked()) {
      Optional<Task> blocked = left-- > 0 ? evidence.task(name) : Optional.empty();
      End end = blocked.isEmpty() ? null : end(blocked.get());
      if (end != null) {
        ends.putIfAbsent(end.task.address(), end);
        waiters.computeIfAbsent(end.task.address(), _ -> new ArrayList<>()).add(blocked.get());
      }
    }
    End worst = worst(ends, waiters);
    return worst == null
        ? byLog(suspects)
        : Optional.of(suspect(worst, waiters.getOrDefault(worst.task.address(), List.of())));
  }

  /** The one that most wait for; of several the first. */
  private static @Nullable End worst(Map<Long, End> ends, Map<Long, List<Task>> waiters) {
    End worst = null;
    int most = 0;
    for (End end : ends.values()) {
      int count = waiters.getOrDefault(end.task.address(), List.of()).size();
      if (count > most) {
        most = count;
        worst = end;
      }
    }
    return worst;
  }

  private @Nullable End end(Task blocked) throws VmcoreException {
    Set<Long> seen = new LinkedHashSet<>();
    Task at = blocked;
    End end = null;
    while (seen.add(at.address()) && seen.size() <= LONGEST_CHAIN) {
      Optional<Held> lock = at.isRunning() ? Optional.empty() : locks.awaited(at);
      Optional<Task> owner = lock.isEmpty() ? Optional.empty() : locks.owner(lock.get());
      if (owner.isEmpty()) {
        return end;
      }
      boolean isDeadlock = seen.contains(owner.get().address());
      end = new End(owner.get(), lock.orElseThrow(), isDeadlock);
      at = owner.get();
    }
    return end;
  }

  private Suspect suspect(End end, List<Task> waiters) throws VmcoreException {
    Held lock = end.lock;
    StringBuilder why = new StringBuilder();
    why.append(lock.isOfReader() ? "was the last to read under" : "owns");
    why.append(" the ").append(lock.kind()).append(' ').append(evidence.named(lock.address()));
    why.append(", for which ").append(Evidence.name(waiters.getFirst()));
    if (waiters.size() > 1) {
      why.append(" and ").append(waiters.size() - 1).append(" more");
    }
    why.append(waiters.size() > 1 ? " wait" : " waits");
    why.append(end.isDeadlock ? ", and waits itself for what they hold: a deadlock" : "");
    return Suspect.of(end.task, why.toString(), !lock.isOfReader());
  }

  /** Since 6.16 the kernel tells itself; else only that a task is blocked is known. */
  private Optional<Suspect> byLog(Suspects suspects) throws VmcoreException {
    Optional<TaskName> owner = suspects.owner();
    if (owner.isPresent()) {
      return Optional.of(
          named(owner.get(), "likely owns what the first of them waits for, as the log says"));
    }
    return suspects.blocked().isEmpty()
        ? Optional.empty()
        : Optional.of(
            named(
                suspects.blocked().getFirst(),
                "is blocked; no lock was found that it waits for, so it may be innocent"));
  }

  private Suspect named(TaskName name, String why) throws VmcoreException {
    Optional<Task> task = evidence.task(name);
    return task.isPresent()
        ? Suspect.of(task.get(), why, false)
        : Suspect.of(OptionalInt.empty(), Optional.of(name), why);
  }
}
