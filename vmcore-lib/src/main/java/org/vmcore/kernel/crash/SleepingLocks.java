package org.vmcore.kernel.crash;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.stacks.Stack;
import org.vmcore.kernel.tasks.Task;
import org.vmcore.kernel.types.Field;
import org.vmcore.memory.VmcoreException;

/**
 * Finds the mutex or rw_semaphore that a sleeping task waits for, and who owns it.
 *
 * <p>Who waits puts a waiter on its own stack and links it into the lock's list, and the lock's
 * address is on that stack, too. So a word on the stack is the lock's address if the list there has
 * an entry on this stack. Its owner word has the owner's task, flags in the low three bits.
 *
 * <p>Source: kernel/locking/mutex.c, kernel/locking/rwsem.c.
 */
final class SleepingLocks {
  private static final long FLAGS = 7;
  private static final long READER = 1;

  /** Newer kernels keep what a task waits for, of mutexes since 6.15, of others since 6.16. */
  private static final String[] BLOCKED_ON = {"blocked_on", "blocker"};

  private static final long BLOCKER_TYPE = 3;

  /** In front of the first frame lie the registers that the scheduler keeps. */
  private static final int SAVED = 128;

  private static final int MOST_WAITERS = 1 << 10;

  /** Words that may be locks, and waiters, that are looked at in all. */
  private static final int MOST_STEPS = 1 << 20;

  private final Evidence evidence;
  private final KernelObjects objects;
  private final KernelReader in;
  private final List<Kind> kinds = new ArrayList<>();
  private int steps = MOST_STEPS;

  SleepingLocks(Evidence evidence) throws VmcoreException {
    this.evidence = evidence;
    this.objects = evidence.objects();
    this.in = objects.reader();
    add("mutex", "mutex_waiter", "mutex");
    add("rw_semaphore", "rwsem_waiter", "rw_semaphore");
  }

  /** A kind of lock: where its owner and its waiters are. */
  private record Kind(
      String name, long owner, long waiters, boolean isPointer, long link, long task) {}

  /**
   * A lock that somebody waits for.
   *
   * @param owner the word, with its flags
   */
  record Held(String kind, long address, long owner) {
    long task() {
      return owner & ~FLAGS;
    }

    /** Whether it is one of those who read, of which the word has the last that came. */
    boolean isOfReader() {
      return kind.equals("rw_semaphore") && (owner & READER) != 0;
    }
  }

  /** Since 7.0 a mutex points to its first waiter; before that it has a list's head. */
  private void add(String struct, String waiter, String name) throws VmcoreException {
    Optional<Field> owner = objects.field(struct, "owner");
    Optional<Field> list = objects.field(struct, "wait_list");
    Optional<Field> first = objects.field(struct, "first_waiter");
    if (owner.isPresent() && (list.isPresent() || first.isPresent())) {
      boolean isPointer = list.isEmpty();
      long waiters = (isPointer ? first : list).orElseThrow().offset();
      long link = objects.offset(waiter, "list");
      long task = objects.offset(waiter, "task");
      kinds.add(new Kind(name, owner.get().offset(), waiters, isPointer, link, task));
    }
  }

  /** The lock that {@code task} sleeps for; empty where it sleeps for another reason. */
  Optional<Held> awaited(Task task) throws VmcoreException {
    if (kinds.isEmpty() || task.stack() == 0) {
      return Optional.empty();
    }
    for (String member : BLOCKED_ON) {
      Optional<Field> field = objects.field("task_struct", member);
      Held told = field.isEmpty() ? null : told(task, field.get().offset());
      if (told != null) {
        return Optional.of(told);
      }
    }
    return onStack(task);
  }

  /** What the task itself tells, the kind of lock in the low bits. */
  private @Nullable Held told(Task task, long offset) throws VmcoreException {
    long word = in.word(task.address() + offset, "task_struct") & ~BLOCKER_TYPE;
    return isKernels(word) ? held(word, task) : null;
  }

  private Optional<Held> onStack(Task task) throws VmcoreException {
    long pointer = pointer(task);
    byte[] bytes = in.upTo(pointer, evidence.sizeOfStack(task, pointer));
    Set<Long> seen = new LinkedHashSet<>();
    for (int at = 0; at + in.wordSize() <= bytes.length && steps > 0; at += in.wordSize()) {
      steps--;
      long word = in.word(bytes, at);
      if (isKernels(word) && !evidence.isOnStack(task, word) && seen.add(word)) {
        Held held = held(word, task);
        if (held != null) {
          return Optional.of(held);
        }
      }
    }
    return Optional.empty();
  }

  private long pointer(Task task) throws VmcoreException {
    Stack stack = evidence.stack(task);
    long pointer = stack.frames().isEmpty() ? 0 : stack.frames().getFirst().stackPointer();
    long saved = (pointer & -in.wordSize()) - SAVED;
    return evidence.isOnStack(task, saved) ? saved : task.stack();
  }

  private boolean isKernels(long word) {
    return (word & (in.wordSize() - 1)) == 0 && (in.wordSize() == 8 ? word < 0 : word != 0);
  }

  private @Nullable Held held(long lock, Task waiter) {
    for (Kind kind : kinds) {
      try {
        if (waitsIn(kind, lock, waiter)) {
          return new Held(kind.name, lock, in.word(lock + kind.owner, "owner"));
        }
      } catch (VmcoreException e) {
        // What can't be read is no lock that somebody waits for.
      }
    }
    return null;
  }

  /** Whether the waiters of what may be a lock have one on {@code waiter}'s stack. */
  private boolean waitsIn(Kind kind, long lock, Task waiter) throws VmcoreException {
    long head = kind.isPointer ? in.word(lock + kind.waiters, "first_waiter") : lock + kind.waiters;
    long start = kind.isPointer ? head + kind.link : head;
    if (!isKernels(start)) {
      return false;
    }
    long at = kind.isPointer ? start : in.word(start, "wait_list");
    if (!kind.isPointer && !isLinked(start, at)) {
      return false;
    }
    for (int i = 0; i < MOST_WAITERS && steps > 0 && isKernels(at); i++) {
      steps--;
      if (evidence.isOnStack(waiter, at)) {
        return in.word(at - kind.link + kind.task, "waiter's task") == waiter.address();
      }
      long next = in.word(at, "waiter's list");
      if (next == start || next == at || !isLinked(at, next)) {
        return false;
      }
      at = next;
    }
    return false;
  }

  /** Of any other word, too, the next entry's back link leads here if it is a list. */
  private boolean isLinked(long at, long next) throws VmcoreException {
    return isKernels(next) && in.word(next + in.wordSize(), "waiter's list") == at;
  }

  /** The task that owns {@code lock}. */
  Optional<Task> owner(Held lock) throws VmcoreException {
    return lock.task() == 0 ? Optional.empty() : evidence.tasks().at(lock.task());
  }
}
