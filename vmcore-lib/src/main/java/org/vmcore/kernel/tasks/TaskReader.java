package org.vmcore.kernel.tasks;

import java.util.OptionalInt;
import java.util.Set;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.objects.Members;
import org.vmcore.kernel.tasks.Task.Found;
import org.vmcore.memory.VmcoreException;

/** Reads tasks: struct task_struct of include/linux/sched.h. */
final class TaskReader {
  private final TaskStates states;
  private final Members members;
  private final Members parents;
  private final int pid;
  private final int tgid;
  private final int parent;
  private final int parentTgid;
  private final int comm;
  private final int state;
  private final int exitState;
  private final int cpu;
  private final int flags;
  private final int mm;
  private final int stack;
  private final int signal;

  TaskReader(KernelObjects objects) throws VmcoreException {
    states = TaskStates.of(objects);
    members = new Members(objects, "task_struct");
    pid = members.get("pid");
    tgid = members.get("tgid");
    comm = members.get("comm");
    parent = members.find("real_parent");
    state = members.find("__state", "state");
    exitState = members.find("exit_state");
    cpu = members.find("thread_info.cpu", "cpu");
    flags = members.find("flags");
    mm = members.find("mm");
    stack = members.find("stack");
    signal = members.find("signal");
    parents = new Members(objects, "task_struct");
    parentTgid = parents.get("tgid");
  }

  /** A task, and what leads to the others of its process. */
  record Read(Task task, long signal) {}

  /**
   * The task at {@code address}.
   *
   * @param running the addresses of the CPUs' current tasks
   */
  Read read(long address, Set<Long> running, Found found) throws VmcoreException {
    Members.Values values = members.read(address);
    Task task =
        new Task(
            address,
            (int) values.number(pid),
            (int) values.number(tgid),
            parentOf(values.number(parent)),
            values.text(comm),
            states.letter(values.number(state) & 0xffff_ffffL, values.number(exitState)),
            cpu == Members.NONE ? OptionalInt.empty() : OptionalInt.of((int) values.number(cpu)),
            running.contains(address),
            values.number(flags),
            values.number(mm),
            values.number(stack),
            found);
    return new Read(task, values.number(signal));
  }

  /** The number of the process at {@code address}; 0 where that can't be read. */
  private int parentOf(long address) {
    try {
      return address == 0 ? 0 : (int) parents.read(address).number(parentTgid);
    } catch (VmcoreException e) {
      return 0;
    }
  }
}
