package org.vmcore.coresight;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * One of the two directions of a {@link TornList}. Up to its first tear, a link that doesn't lead
 * back, it is the list's by its links alone; behind it may lead into another list.
 */
final class ListWay {
  private static final String LINK = "list_head";

  private final KernelReader in;
  private final long head;
  private final int next;
  private final int back;
  private final List<Long> links = new ArrayList<>();
  private boolean isClosed;
  private boolean isCut;
  private boolean isBroken;
  private int firstTear;
  private Optional<String> fault = Optional.empty();

  /**
   * A way from {@code head}.
   *
   * @param next where a node has the next one, in bytes
   * @param back where it has the one before
   */
  ListWay(KernelReader in, long head, int next, int back) {
    this.in = in;
    this.head = head;
    this.next = next;
    this.back = back;
  }

  /** The addresses of the list_heads on the way. */
  List<Long> links() {
    return List.copyOf(links);
  }

  /** Whether it was left with nodes still to come. */
  boolean isCut() {
    return isCut;
  }

  /** How many nodes are before the first tear. */
  int firstTear() {
    return firstTear;
  }

  /** What is wrong at the first tear, in one line; empty when each link leads back. */
  Optional<String> fault() {
    return fault;
  }

  /**
   * Follows it.
   *
   * @param most the most nodes that are taken where each link leads back
   * @param mostTorn the most that are taken when one doesn't
   */
  void follow(int most, int mostTorn, TornList.Check check) {
    Set<Long> seen = new HashSet<>();
    long at = head;
    try {
      while (true) {
        long to = target(at);
        if (to == head) {
          isClosed = true;
          return;
        }
        if (!seen.add(to)) {
          tear(in.fault(at, LINK, "leads back into the list, to " + Hex.of(to)));
          return;
        }
        if (fault.isPresent() && !check.isNode(to)) {
          return;
        }
        if (links.size() == (fault.isPresent() ? mostTorn : most)) {
          isCut = true;
          return;
        }
        links.add(to);
        at = to;
      }
    } catch (VmcoreException e) {
      isBroken = true;
      tear(e);
    }
  }

  /** Where the link at {@code at} leads to; that it doesn't lead back from there is a tear. */
  private long target(long at) throws VmcoreException {
    long to = in.word(at + next, at == head ? "the head" : LINK);
    if (to == 0) {
      throw in.fault(at, LINK, "leads nowhere: NULL");
    }
    long before = in.word(to + back, "the node that " + Hex.of(at) + " leads to");
    if (before != at) {
      tear(in.fault(to, LINK, "leads back to " + Hex.of(before) + ", not " + Hex.of(at)));
    }
    return to;
  }

  private void tear(VmcoreException why) {
    if (fault.isEmpty()) {
      fault = Optional.of(why.reason());
      firstTear = links.size();
    }
  }

  /**
   * The links that are the list's: all of a way that comes back to the head. Else those before the
   * first tear, and behind it those up to the last one that {@code other}, the opposite way, has
   * before its own tear. One that both have as the first behind their tears is the list's, too, and
   * a single one whose own link can't be followed: it was being added, and isn't linked yet.
   */
  List<Long> trusted(ListWay other) {
    if (isClosed || fault.isEmpty()) {
      return links();
    }
    Set<Long> known = new HashSet<>(other.sure());
    int end = links.size();
    while (end > firstTear && !known.contains(links.get(end - 1))) {
      end--;
    }
    if (end == firstTear && firstTear < links.size()) {
      boolean isSingle = isBroken && links.size() == firstTear + 1;
      end += isSingle || behindTear().equals(other.behindTear()) ? 1 : 0;
    }
    return List.copyOf(links.subList(0, end));
  }

  private List<Long> sure() {
    return fault.isEmpty() ? links : links.subList(0, firstTear);
  }

  private Optional<Long> behindTear() {
    return fault.isPresent() && firstTear < links.size()
        ? Optional.of(links.get(firstTear))
        : Optional.empty();
  }
}
