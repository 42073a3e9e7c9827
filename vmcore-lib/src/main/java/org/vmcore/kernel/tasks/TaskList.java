package org.vmcore.kernel.tasks;

import java.util.Optional;
import java.util.Set;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * The addresses of tasks by the kernel's lists: that of processes, from {@code init_task} on, and
 * that of each process' threads. Where a list is torn it is followed from its other end, too.
 */
final class TaskList {
  /** PID_MAX_LIMIT: there are no more numbers. */
  static final int MAX_TASKS = 1 << 22;

  private final KernelReader in;
  private final TaskGaps gaps;
  private final long tasks;
  private final long thread;
  private final long threadHead;
  private int steps;

  TaskList(KernelObjects objects, TaskGaps gaps) throws VmcoreException {
    this.in = objects.reader();
    this.gaps = gaps;
    this.tasks = objects.offset("task_struct", "tasks");
    this.thread = objects.offset("task_struct", "thread_node", "thread_group");
    this.threadHead =
        objects.has("signal_struct", "thread_head")
            ? objects.offset("signal_struct", "thread_head")
            : -1;
  }

  /**
   * Adds the processes' first threads to {@code found}, in the order of the list.
   *
   * @param init the address of {@code init_task}, where the list begins and ends
   * @param behind to which those behind a place where the list is torn are added
   * @return whether the list is whole
   */
  boolean processes(long init, Set<Long> found, Set<Long> behind) throws VmcoreException {
    return follow("the list of tasks", init + tasks, tasks, found, behind);
  }

  /** Adds {@code task} and those beside it in what is left of a list that is torn elsewhere. */
  void around(long task, Set<Long> found) {
    if (found.add(task)) {
      walk(task, 0, in.wordSize(), found);
      walk(task, in.wordSize(), 0, found);
    }
  }

  private void walk(long task, int next, int back, Set<Long> found) {
    long at = task + tasks;
    try {
      while (found.size() < MAX_TASKS) {
        long to = in.word(at + next, "next");
        if (in.word(to + back, "node") != at || !found.add(to - tasks)) {
          return;
        }
        at = to;
      }
    } catch (VmcoreException e) {
      // That it is torn was told when it was followed from its head.
    }
  }

  /** Adds the threads of the process of {@code leader}, whose struct signal_struct is told. */
  void threads(long leader, long signal, Set<Long> found) throws VmcoreException {
    if (threadHead < 0) {
      follow("the list of threads", leader + thread, thread, found, found);
    } else if (signal != 0) {
      follow("the list of threads", signal + threadHead, thread, found, found);
    }
  }

  /** Forward and, where that breaks off, from the end on. */
  private boolean follow(String what, long head, long member, Set<Long> found, Set<Long> behind)
      throws VmcoreException {
    int word = in.wordSize();
    Optional<Tear> tear = follow(head, member, 0, word, found);
    if (tear.isPresent()) {
      follow(head, member, word, 0, behind);
      gaps.add(what + " breaks off after " + tear.get().nodes() + " nodes", tear.get().fault());
    }
    return tear.isEmpty();
  }

  /** Behind how many nodes a list is torn, and how. */
  private record Tear(int nodes, VmcoreException fault) {}

  /**
   * Adds the objects from {@code head} on.
   *
   * @param next where a node has the next one
   * @param back where it has the one before
   * @return where the list is torn; empty when it led back to its head
   */
  private Optional<Tear> follow(long head, long member, int next, int back, Set<Long> found) {
    long at = head;
    int count = 0;
    try {
      for (long to = in.word(head + next, "head"); to != head; to = in.word(at + next, "next")) {
        if (in.word(to + back, "node behind task " + Hex.of(at - member)) != at) {
          throw in.fault(to, "node", "doesn't lead back");
        }
        if (++steps > 2 * MAX_TASKS) {
          throw in.fault(head, "head", "more nodes than there can be tasks");
        }
        count++;
        found.add(to - member);
        at = to;
      }
      return Optional.empty();
    } catch (VmcoreException e) {
      return Optional.of(new Tear(count, e));
    }
  }
}
