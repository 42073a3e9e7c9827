package org.vmcore.cli.system;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.vmcore.kernel.tasks.Task;

/**
 * Tasks in the order in which they are shown: as they are or each behind its parent.
 *
 * @param nodes the tasks in their order
 * @param isTree whether they have depths
 */
record TaskTree(List<Node> nodes, boolean isTree) {
  /** Deeper ones are shown as deep as that. */
  private static final int MAX_DEPTH = 64;

  /** A task, and how many parents above it are shown. */
  record Node(Task task, int depth) {}

  static TaskTree flat(List<Task> tasks) {
    List<Node> nodes = new ArrayList<>();
    for (Task task : tasks) {
      nodes.add(new Node(task, 0));
    }
    return new TaskTree(nodes, false);
  }

  /** Each task behind its parent, threads behind the first of their process. */
  static TaskTree of(List<Task> tasks) {
    Map<Integer, List<Task>> children = new HashMap<>();
    Set<Integer> processes = new HashSet<>();
    for (Task task : tasks) {
      if (!task.isThread() && !task.isIdle()) {
        processes.add(task.pid());
      }
    }
    List<Task> roots = new ArrayList<>();
    for (Task task : tasks) {
      int above = task.isThread() ? task.tgid() : task.ppid();
      if (task.isIdle() || above == task.pid() || !processes.contains(above)) {
        roots.add(task);
      } else {
        children.computeIfAbsent(above, pid -> new ArrayList<>()).add(task);
      }
    }
    List<Node> nodes = new ArrayList<>();
    walk(roots, children, nodes);
    for (Task task : tasks) { // parents of each other, in a damaged dump
      if (children.containsKey(task.pid())) {
        walk(List.of(task), children, nodes);
      }
    }
    return new TaskTree(nodes, true);
  }

  /** Without recursion: a chain of parents may be as long as there are tasks. */
  private static void walk(List<Task> roots, Map<Integer, List<Task>> children, List<Node> nodes) {
    List<Node> open = new ArrayList<>();
    push(roots, 0, open);
    while (!open.isEmpty()) {
      Node node = open.removeLast();
      nodes.add(node);
      boolean isLeaf = node.task().isIdle() || node.task().isThread();
      List<Task> below = isLeaf ? null : children.remove(node.task().pid());
      if (below != null) {
        push(below, Math.min(node.depth() + 1, MAX_DEPTH), open);
      }
    }
  }

  private static void push(List<Task> tasks, int depth, List<Node> open) {
    for (int i = tasks.size() - 1; i >= 0; i--) {
      open.add(new Node(tasks.get(i), depth));
    }
  }
}
