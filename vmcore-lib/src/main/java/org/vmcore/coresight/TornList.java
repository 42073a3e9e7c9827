package org.vmcore.coresight;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * A struct list_head that may be half linked: a CPU may have stopped inside of {@code list_add} or
 * {@code list_del}. It is followed from its head and, where the two directions don't agree, from
 * its end, too; each node comes once.
 *
 * <p>Source: include/linux/list.h. {@code __list_add} writes {@code next->prev}, then {@code
 * new->next}, {@code new->prev} and {@code prev->next}; {@code __list_del} writes {@code
 * next->prev}, then {@code prev->next}. So one link that doesn't lead back is passed over.
 */
final class TornList {
  private static final String LINK = "list_head";

  /** Tells whether what lies at a link may be a node. */
  @FunctionalInterface
  interface Check {
    boolean isNode(long link) throws VmcoreException;
  }

  /**
   * What was found.
   *
   * @param links the addresses of the list_heads in the nodes, in the order of the list
   * @param isMore whether there are more than were asked for
   * @param fault what is wrong with it, in one line; empty when each link leads back
   */
  record Found(List<Long> links, boolean isMore, Optional<String> fault) {}

  private final KernelReader in;
  private final long head;
  private final int most;
  private final Check check;

  /**
   * The list of {@code head}.
   *
   * @param most the most nodes that are wanted of either direction
   */
  TornList(KernelReader in, long head, int most, Check check) {
    this.in = in;
    this.head = head;
    this.most = most;
    this.check = check;
  }

  Found walk() {
    Way forward = new Way(0, in.wordSize());
    forward.follow();
    if (forward.isMore || forward.fault.isEmpty()) {
      return new Found(List.copyOf(forward.links), forward.isMore, forward.fault);
    }
    Way backward = new Way(in.wordSize(), 0);
    backward.follow();
    List<Long> all = merged(forward.links, List.copyOf(backward.links).reversed());
    int more = all.size() - forward.links.size();
    String line =
        "the list is torn "
            + (forward.firstTear == 0 ? "at its head" : "behind " + nodes(forward.firstTear))
            + ": "
            + forward.fault.get();
    if (more > 0) {
      line += "; " + nodes(more) + " more from its other end";
    }
    return new Found(all, backward.isMore, Optional.of(line));
  }

  private static String nodes(int count) {
    return count == 1 ? "1 node" : count + " nodes";
  }

  /** Those of {@code known}; what only {@code other} has stands before what follows it there. */
  private static List<Long> merged(Set<Long> known, List<Long> other) {
    List<Long> all = new ArrayList<>(known);
    List<Long> pending = new ArrayList<>();
    for (long link : other) {
      if (!known.contains(link)) {
        pending.add(link);
      } else if (!pending.isEmpty()) {
        all.addAll(all.indexOf(link), pending);
        pending.clear();
      }
    }
    all.addAll(pending);
    return all;
  }

  /** One of the two directions. */
  private final class Way {
    private final int next;
    private final int back;
    private final Set<Long> links = new LinkedHashSet<>();
    private boolean isMore;
    private int firstTear;
    private Optional<String> fault = Optional.empty();

    /**
     * A way.
     *
     * @param next where a node has the next one, in bytes
     * @param back where it has the one before
     */
    Way(int next, int back) {
      this.next = next;
      this.back = back;
    }

    void follow() {
      Set<Long> seen = new HashSet<>();
      long at = head;
      boolean wasTorn = false;
      try {
        while (true) {
          long to = in.word(at + next, at == head ? "the head" : LINK);
          if (to == 0) {
            throw in.fault(at, LINK, "leads nowhere: NULL");
          }
          long before = in.word(to + back, "the node that " + Hex.of(at) + " leads to");
          boolean isTorn = before != at;
          if (isTorn) {
            tear(in.fault(to, LINK, "leads back to " + Hex.of(before) + ", not " + Hex.of(at)));
          }
          if (to == head || (isTorn && (wasTorn || !check.isNode(to)))) {
            return;
          }
          if (!seen.add(to)) {
            throw in.fault(at, LINK, "leads back into the list, to " + Hex.of(to));
          }
          if (links.size() == most) {
            isMore = true;
            return;
          }
          links.add(to);
          wasTorn = isTorn;
          at = to;
        }
      } catch (VmcoreException e) {
        tear(e);
      }
    }

    private void tear(VmcoreException why) {
      if (fault.isEmpty()) {
        fault = Optional.of(why.reason());
        firstTear = links.size();
      }
    }
  }
}
