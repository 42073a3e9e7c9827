package org.vmcore.find;

import java.util.List;
import org.vmcore.convert.pack.OrderedWork;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Unsigned;

/**
 * Finds needles in a memory, with several threads. What lies across pages, or across ranges that
 * adjoin, is found like anything else; what isn't in the dump isn't looked at.
 *
 * {@snippet :
 * List<Needle> needles = List.of(Needle.text("BUG: ", false));
 * MemorySearch search = MemorySearch.of(vmcore.physical(), needles);
 * search.over(AddressRange.ofSize(0, 1L << 32), (address, needle) -> print(address));
 * }
 */
public final class MemorySearch {
  /** All addresses there are. */
  public static final AddressRange EVERYWHERE = new AddressRange(0, 0);

  /** Units that are planned before they are worked on: a GiB. */
  private static final int PLANNED = 1 << 12;

  private final Memory memory;
  private final List<Needle> needles;
  private final int alignment;
  private final int jobs;
  private final int size;
  private final boolean matchesZeros;

  private MemorySearch(Memory memory, List<Needle> needles, int alignment, int jobs) {
    this.memory = memory;
    this.needles = needles;
    this.alignment = alignment;
    this.jobs = jobs;
    this.size = needles.stream().mapToInt(Needle::size).max().orElseThrow();
    this.matchesZeros = needles.stream().anyMatch(Needle::matchesZeros);
  }

  /**
   * A search for any of {@code needles} at any address, with a thread for each core.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static MemorySearch of(Memory memory, List<Needle> needles) {
    if (needles.isEmpty()) {
      throw new IllegalArgumentException("nothing is sought");
    }
    int cores = Runtime.getRuntime().availableProcessors();
    return new MemorySearch(memory, List.copyOf(needles), 1, cores);
  }

  /**
   * The same at addresses alone that are multiples of {@code alignment}.
   *
   * @throws IllegalArgumentException unless that is a power of two, 2^16 at the most
   */
  public MemorySearch aligned(int alignment) {
    if (Integer.bitCount(alignment) != 1 || alignment < 1 || alignment > 1 << 16) {
      throw new IllegalArgumentException("alignment " + alignment);
    }
    return new MemorySearch(memory, needles, alignment, jobs);
  }

  /**
   * The same with so many threads, the calling one among them.
   *
   * @throws IllegalArgumentException when it is less than 1
   */
  public MemorySearch jobs(int jobs) {
    if (jobs < 1) {
      throw new IllegalArgumentException(jobs + " jobs");
    }
    return new MemorySearch(memory, needles, alignment, jobs);
  }

  /** Is told of what is found: by one thread at a time, which may be any. */
  @FunctionalInterface
  public interface Listener {
    /**
     * A needle is at {@code address}. Of calls, each address is at or above the one before.
     *
     * @param needle its place in the list of them
     * @return whether the search goes on
     */
    boolean found(long address, int needle) throws VmcoreException;

    /** So many bytes more are done with, those that aren't in the dump included. */
    default void passed(long bytes) {}

    /** These bytes are lost, and weren't looked at; in no certain order. */
    default void lost(Extent extent) throws VmcoreException {}
  }

  /**
   * Searches {@code range}, in which a needle has to lie with all of its bytes.
   *
   * @return whether all of it was searched: false when {@code listener} ended the search
   * @throws VmcoreException when the dump is closed, its file fails, or {@code listener} throws it
   */
  public boolean over(AddressRange range, Listener listener) throws VmcoreException {
    Plan plan = new Plan(range, listener);
    Units units = new Units(needles, alignment, memory, size, range.last(), listener);
    while (plan.next(units)) {
      OrderedWork.run(jobs, units.count(), units);
      if (units.isOver()) {
        return false;
      }
    }
    return true;
  }

  /** Finds out where there is something to be looked at. */
  private final class Plan {
    private final long last;
    private final Listener listener;
    private long at;
    private boolean isDone;

    Plan(AddressRange range, Listener listener) {
      this.at = range.start();
      this.last = range.last();
      this.listener = listener;
    }

    /** Plans the next units; gives whether there are any. */
    boolean next(Units units) throws VmcoreException {
      units.clear();
      while (!isDone && units.count() < PLANNED) {
        long left = last - at; // and one more
        long passed = blank(left);
        if (passed == 0) {
          passed = looked(units, left);
        } else {
          listener.passed(passed);
        }
        isDone = Long.compareUnsigned(passed, left) > 0;
        at += passed;
      }
      return units.count() > 0;
    }

    /** How many bytes hold nothing; the last ones may be the first of a needle. */
    private long blank(long left) throws VmcoreException {
      if (matchesZeros) {
        return 0;
      }
      long blank = memory.blank(at, left);
      return Long.compareUnsigned(blank, size) < 0 ? 0 : blank - (size - 1);
    }

    /** Takes a unit if something is there; gives how many bytes are done with. */
    private long looked(Units units, long left) throws VmcoreException {
      Extent extent = memory.extentAt(at);
      if (extent.isPresent()) {
        long unit = Unsigned.min(Units.SIZE - (at & Units.SIZE - 1) - 1, left);
        units.add(at, at + unit);
        return unit + 1;
      }
      long behind = Unsigned.min(extent.sizeFrom(at) - 1, left) + 1;
      if (extent.state() == PageState.LOST) {
        listener.lost(extent.clip(at, behind));
      }
      listener.passed(behind);
      return behind;
    }
  }
}
