package org.vmcore.scan;

import java.lang.foreign.MemorySegment;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;

/**
 * Goes over the bytes of a memory that can be read, piece by piece. What is sought begins at a
 * multiple of some bytes and takes some; pieces overlap, so that each place where it may begin is
 * looked at once with all that it takes.
 *
 * <p>Holes of the file are passed over: what is sought isn't all zeros. When the {@link
 * SearchBudget} is spent the scan ends.
 */
public final class MemoryScan {
  /** All addresses. */
  public static final AddressRange EVERYWHERE = new AddressRange(0, 0);

  /** Stays in the cache of a core; a page of a mapping would cost more than this copy of it. */
  private static final int PIECE = 1 << 18;

  private final Memory memory;
  private final SearchBudget budget;
  private final int alignment;
  private final int size;
  private byte[] buffer = new byte[0];

  /**
   * A scan of {@code memory}.
   *
   * @param budget what it may read, also with other scans of the same search
   * @param alignment what is sought begins at multiples of it, a power of two
   * @param size how many bytes are looked at there, 64 KiB at the most
   */
  public MemoryScan(Memory memory, SearchBudget budget, int alignment, int size) {
    this.memory = memory;
    this.budget = budget;
    this.alignment = alignment;
    this.size = size;
  }

  /** Looks at what is there, and keeps what it finds. */
  public interface Look {
    /**
     * Looks at the places in {@code bytes}: the first is their start, each other the alignment
     * behind the one before, the last that in which what is sought fits.
     *
     * @param length how many of {@code bytes} count
     * @param address of the first one
     */
    void at(byte[] bytes, int length, long address) throws VmcoreException;

    /**
     * The byte at {@code address} was present and turns out to be lost.
     *
     * @throws VmcoreException when the search can't go on without it
     */
    default void lost(long address) throws VmcoreException {}

    /** Whether enough was found, or looked at. */
    boolean isOver();
  }

  /**
   * Shows {@code look} all of {@code range} that can be read, until that is over or the budget is
   * spent.
   *
   * @throws VmcoreException when the dump is closed, its file fails, or {@code look} does
   */
  public void over(AddressRange range, Look look) throws VmcoreException {
    long at = aligned(range.start());
    while (!look.isOver() && range.contains(at)) {
      if (budget.isSpent()) {
        cut(at, range);
        break;
      }
      long next = aligned(at + passed(at, range, look));
      if (Long.compareUnsigned(next, at) <= 0) {
        break; // behind the last address
      }
      at = next;
    }
  }

  /** Ends for want of budget, unless there is nothing more. */
  private void cut(long at, AddressRange range) throws VmcoreException {
    long behind = range.last() - at;
    if (memory.blank(at, behind) != behind) {
      budget.cutAt(at);
    }
  }

  private long aligned(long address) {
    return address + alignment - 1 & -alignment;
  }

  /** Looks at what is at {@code at}, if it is something; returns how many bytes are done with. */
  private long passed(long at, AddressRange range, Look look) throws VmcoreException {
    long behind = range.last() - at; // not the size: all addresses are 2^64
    long blank = memory.blank(at, behind);
    if (Long.compareUnsigned(blank, size) > 0) {
      budget.skip(blank);
      return blank - size + 1; // what is sought may begin in its last bytes
    }
    Extent extent = memory.extentAt(at);
    if (!extent.isPresent()) {
      budget.skip(extent.sizeFrom(at));
      return extent.sizeFrom(at);
    }
    int wanted = Math.max((int) budget.left(PIECE), size);
    boolean isLast = Long.compareUnsigned(behind, wanted) < 0;
    return piece(at, isLast ? (int) behind + 1 : wanted, extent.sizeFrom(at), look);
  }

  private long piece(long at, int wanted, long present, Look look) throws VmcoreException {
    if (wanted < size) {
      return wanted;
    }
    if (buffer.length < wanted) {
      buffer = new byte[wanted];
    }
    int got = (int) memory.read(at, MemorySegment.ofArray(buffer).asSlice(0, wanted));
    budget.read(Math.max(got, 1));
    if (got >= size) {
      look.at(buffer, got, at);
    }
    if (got < wanted && Long.compareUnsigned(got, present) < 0) {
      look.lost(at + got);
    }
    return got < wanted ? Math.max(got, 1) : ((got - size) & -alignment) + alignment;
  }
}
