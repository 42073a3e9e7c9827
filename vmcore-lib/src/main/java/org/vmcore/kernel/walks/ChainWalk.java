package org.vmcore.kernel.walks;

import java.util.HashSet;
import java.util.Set;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * A list that ends: struct hlist_head, whose nodes have a pointer to what leads to them behind that
 * to the next one, or struct llist_head, whose nodes have none. A lowest bit that is set ends a
 * list with nulls; in hlist_bl_head it is a lock.
 *
 * <p>Sources: include/linux/list.h, list_nulls.h, list_bl.h, llist.h.
 */
final class ChainWalk {
  private static final String NODE = "list node";

  private final KernelReader in;
  private final boolean leadsBack;
  private final Links out;
  private final Set<Long> seen = new HashSet<>();

  ChainWalk(KernelReader in, boolean leadsBack, Links out) {
    this.in = in;
    this.leadsBack = leadsBack;
    this.out = out;
  }

  /** From the pointer at {@code head} on. */
  void walk(long head) {
    int before = out.count();
    try {
      long place = head;
      long to = unlocked(in.word(head, NODE));
      while (to != 0 && (to & 1) == 0) {
        check(place, to);
        if (!out.add(Link.ofNode(to))) {
          return;
        }
        place = to;
        to = in.word(to, NODE);
      }
    } catch (VmcoreException e) {
      out.torn("the list breaks off after " + (out.count() - before) + " nodes", e);
    }
  }

  /** The lowest bit of an address is a lock; other such words end a list. */
  private long unlocked(long first) {
    boolean isAddress = first >>> (in.wordSize() * 8 - 1) != 0;
    return isAddress ? first & ~1 : first;
  }

  private void check(long place, long node) throws VmcoreException {
    int word = in.wordSize();
    if (leadsBack && in.word(node + word, NODE) != place) {
      throw in.fault(node, NODE, "doesn't lead back to " + Hex.of(place));
    }
    if (!seen.add(node)) {
      throw in.fault(place, NODE, "leads back into the list, to " + Hex.of(node));
    }
  }
}
