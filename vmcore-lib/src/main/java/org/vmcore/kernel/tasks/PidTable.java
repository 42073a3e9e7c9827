package org.vmcore.kernel.tasks;

import java.util.Set;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.memory.VmcoreException;

/**
 * The tasks by the table of pids: that of the first pid namespace has all tasks, and leads through
 * a struct pid to each of them. Source: kernel/pid.c, lib/xarray.c.
 */
final class PidTable {
  /** The two lowest bits of what isn't an entry but a node. */
  private static final int KIND = 3;

  private static final int NODE = 2;

  /** Smaller ones are marks, not nodes. */
  private static final long LEAST_NODE = 4096;

  /** 6 bits of an index a level. */
  private static final int MAX_DEPTH = 11;

  /** Of as many tasks as there can be, with the levels above. */
  private static final int MAX_NODES = TaskList.MAX_TASKS / 32;

  private final KernelObjects objects;
  private final KernelReader in;
  private final long slots;
  private final int slotsSize;
  private final long firstTask;
  private final long link;
  private int nodes;

  PidTable(KernelObjects objects) throws VmcoreException {
    this.objects = objects;
    this.in = objects.reader();
    this.slots = objects.offset("xa_node", "slots");
    this.slotsSize = (int) objects.at(0, "xa_node").get("slots").type().size();
    this.firstTask = objects.offset("pid", "tasks");
    this.link = objects.offset("task_struct", "pid_links");
  }

  /** Adds the addresses of tasks to {@code found}, in the order of their pids. */
  void tasks(Set<Long> found, TaskGaps gaps) throws VmcoreException {
    long root = objects.address("init_pid_ns") + objects.offset("pid_namespace", "idr");
    root += objects.offset("idr", "idr_rt.xa_head");
    entry(in.word(root, "init_pid_ns.idr"), 0, found, gaps);
  }

  private void entry(long entry, int depth, Set<Long> found, TaskGaps gaps) {
    try {
      if ((entry & KIND) == NODE && Long.compareUnsigned(entry, LEAST_NODE) > 0) {
        node(entry - NODE, depth, found, gaps);
      } else if (entry != 0 && (entry & KIND) == 0) {
        pid(entry, found);
      }
    } catch (VmcoreException e) {
      gaps.add("the table of pids", e);
    }
  }

  private void node(long node, int depth, Set<Long> found, TaskGaps gaps) throws VmcoreException {
    if (depth == MAX_DEPTH || nodes++ == MAX_NODES) {
      throw in.fault(node, "struct xa_node", "nested too deeply, or too many of them");
    }
    byte[] entries = in.bytes(node + slots, slotsSize, "xa_node.slots");
    for (int at = 0; at + in.wordSize() <= entries.length; at += in.wordSize()) {
      entry(in.word(entries, at), depth + 1, found, gaps);
    }
  }

  /** Adds the task of the struct pid at {@code address}; one that ended has none any more. */
  private void pid(long address, Set<Long> found) throws VmcoreException {
    long first = in.word(address + firstTask, "pid.tasks");
    if (first != 0) {
      found.add(first - link);
    }
  }
}
