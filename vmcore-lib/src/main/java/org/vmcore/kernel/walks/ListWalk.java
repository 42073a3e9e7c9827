package org.vmcore.kernel.walks;

import java.util.Optional;
import java.util.Set;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * A struct list_head: a word leads to the next node, the word behind it to the one before. Where
 * the ring is torn it is followed from its other end, too.
 *
 * <p>Source: include/linux/list.h.
 */
final class ListWalk {
  private static final String LINK = "list_head";

  private final KernelReader in;
  private final long head;
  private final Links out;

  ListWalk(KernelReader in, long head, Links out) {
    this.in = in;
    this.head = head;
    this.out = out;
  }

  /** Whether a ring leads through {@code address}, as far as its neighbours tell. */
  static boolean isIn(KernelReader in, long address) {
    try {
      int word = in.wordSize();
      long next = in.word(address, LINK);
      long previous = in.word(address + word, LINK);
      return in.word(next + word, LINK) == address && in.word(previous, LINK) == address;
    } catch (VmcoreException e) {
      return false;
    }
  }

  void walk(boolean isReversed) {
    int word = in.wordSize();
    int next = isReversed ? word : 0;
    Optional<VmcoreException> torn = follow(next, word - next, Set.of());
    if (torn.isEmpty()) {
      return;
    }
    int count = out.count();
    Optional<VmcoreException> other = follow(word - next, next, out.addresses());
    out.reverse(count);
    String what = "the list breaks off after " + count + " nodes";
    if (out.count() > count) {
      what += ", and " + (out.count() - count) + " are found from its other end";
    }
    out.torn(what, torn.get());
    if (other.isPresent() && out.count() > count) {
      out.torn("from its other end the list breaks off", other.get());
    }
  }

  /**
   * Follows the ring up to its head, or to a node that is known: no node comes twice, for each
   * leads back to the one before.
   *
   * @return why it can't be followed; empty when it can, or enough was found
   */
  private Optional<VmcoreException> follow(int next, int back, Set<Long> known) {
    long at = head;
    try {
      for (long to = in.word(head + next, LINK); to != head; to = in.word(at + next, LINK)) {
        if (in.word(to + back, LINK) != at) {
          throw in.fault(to, LINK, "doesn't lead back to " + Hex.of(at));
        }
        if (known.contains(to) || !out.add(Link.ofNode(to))) {
          return Optional.empty();
        }
        at = to;
      }
      return Optional.empty();
    } catch (VmcoreException e) {
      return Optional.of(e);
    }
  }
}
