package org.vmcore.kernel.walks;

import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * A struct rb_root: its nodes in order. Each has its parent's address, the two lowest bits of which
 * are its colour.
 *
 * <p>Source: include/linux/rbtree_types.h.
 */
final class RbtreeWalk {
  /** Twice the logarithm of as many nodes as memory can hold. */
  private static final int MAX_DEPTH = 128;

  private static final int COLOURS = 3;

  private static final String NODE = "rb_node";

  private final KernelReader in;
  private final long parent;
  private final long left;
  private final long right;
  private final Links out;
  private final long[] path = new long[MAX_DEPTH];

  RbtreeWalk(KernelObjects objects, Links out) throws VmcoreException {
    this.in = objects.reader();
    this.parent = objects.offset(NODE, "__rb_parent_color", "rb_parent_color");
    this.left = objects.offset(NODE, "rb_left");
    this.right = objects.offset(NODE, "rb_right");
    this.out = out;
  }

  /** From the root's pointer on. */
  void walk(long head) {
    int depth = 0;
    long at = child(head, 0, 0);
    while (at != 0 || depth > 0) {
      while (at != 0) {
        path[depth++] = at;
        at = child(at + left, at, depth);
      }
      long node = path[--depth];
      if (!out.add(Link.ofNode(node))) {
        return;
      }
      at = child(node + right, node, depth);
    }
  }

  /** The node that the pointer at {@code place} leads to; 0 when there is none, or it's damaged. */
  private long child(long place, long of, int depth) {
    try {
      long child = in.word(place, NODE);
      if (child == 0) {
        return 0;
      }
      if ((in.word(child + parent, NODE) & ~COLOURS) != of) {
        throw in.fault(child, NODE, "has another parent than " + Hex.of(of));
      }
      if (depth == MAX_DEPTH) {
        throw in.fault(child, NODE, "nested too deeply");
      }
      return child;
    } catch (VmcoreException e) {
      out.torn("a part of the tree is left out", e);
      return 0;
    }
  }
}
