package org.vmcore.coresight;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.memory.VmcoreException;

/**
 * A struct list_head that may be half linked: a CPU may have stopped inside of {@code list_add} or
 * {@code list_del}. It is followed from its head and, where the two directions don't agree, from
 * its end, too; each node comes once.
 *
 * <p>Source: include/linux/list.h. {@code __list_add} writes {@code next->prev}, then {@code
 * new->next}, {@code new->prev} and {@code prev->next}; {@code __list_del} writes {@code
 * next->prev}, then {@code prev->next}. So a link that doesn't lead back is passed over; what is
 * behind it counts where the way comes back to the list.
 */
final class TornList {
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

  /** As many nodes of a torn list are followed, however few are wanted: the way must come back. */
  private static final int MOST_TORN = 4096;

  private final KernelReader in;
  private final long head;
  private final int most;
  private final Check check;

  /**
   * The list of {@code head}.
   *
   * @param most the most nodes that are wanted
   * @param check asked of each node behind a tear
   */
  TornList(KernelReader in, long head, int most, Check check) {
    this.in = in;
    this.head = head;
    this.most = most;
    this.check = check;
  }

  Found walk() {
    ListWay forward = way(0, in.wordSize(), most);
    if (forward.fault().isEmpty()) {
      return new Found(forward.links(), forward.isCut(), Optional.empty());
    }
    ListWay backward = way(in.wordSize(), 0, Math.max(most, MOST_TORN));
    List<Long> known = forward.trusted(backward);
    List<Long> other = backward.trusted(forward);
    List<Long> all = merged(known, other.reversed());
    String line =
        "the list is torn "
            + (forward.firstTear() == 0 ? "at its head" : "behind " + nodes(forward.firstTear()))
            + ": "
            + forward.fault().get();
    List<Long> wanted = all.subList(0, Math.min(all.size(), most));
    int more = wanted.size() - Math.min(known.size(), most);
    if (more > 0) {
      line += "; " + nodes(more) + " more from its other end";
    }
    boolean isCut =
        (forward.isCut() && known.size() == forward.links().size())
            || (backward.isCut() && other.size() == backward.links().size());
    return new Found(List.copyOf(wanted), isCut || all.size() > most, Optional.of(line));
  }

  private ListWay way(int next, int back, int mostIntact) {
    ListWay way = new ListWay(in, head, next, back);
    way.follow(mostIntact, Math.max(most, MOST_TORN), check);
    return way;
  }

  private static String nodes(int count) {
    return count == 1 ? "1 node" : count + " nodes";
  }

  /** Those of {@code first}; what only {@code other} has stands before what follows it there. */
  private static List<Long> merged(List<Long> first, List<Long> other) {
    Set<Long> known = new HashSet<>(first);
    List<Long> all = new ArrayList<>(first);
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
}
