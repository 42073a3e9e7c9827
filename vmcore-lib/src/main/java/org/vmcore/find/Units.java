package org.vmcore.find;

import java.util.Arrays;
import java.util.List;
import org.vmcore.convert.pack.OrderedWork;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Unsigned;

/** Pieces of memory that are searched each by itself, and told of in order. */
final class Units implements OrderedWork.Steps<Piece> {
  /** Bytes of a unit, a power of two: they stay in the cache of a core. */
  static final int SIZE = 1 << 18;

  /** There is no more in this unit. */
  private static final int NONE = Integer.MAX_VALUE;

  private final List<Needle> needles;
  private final int alignment;
  private final Memory memory;

  /** Of the longest needle, in bytes. */
  private final int longest;

  /** The last address that a needle may lie at, with its last byte. */
  private final long end;

  private final MemorySearch.Listener listener;

  /** Pairs: the first address and the last one. */
  private long[] bounds = new long[64];

  private int count;
  private volatile boolean isOver;

  Units(
      List<Needle> needles,
      int alignment,
      Memory memory,
      int longest,
      long end,
      MemorySearch.Listener listener) {
    this.needles = needles;
    this.alignment = alignment;
    this.memory = memory;
    this.longest = longest;
    this.end = end;
    this.listener = listener;
  }

  void clear() {
    count = 0;
  }

  /** Adds the places from {@code first} to {@code last}, {@link #SIZE} of them at the most. */
  void add(long first, long last) {
    if (2 * count == bounds.length) {
      bounds = Arrays.copyOf(bounds, 2 * bounds.length);
    }
    bounds[2 * count] = first;
    bounds[2 * count + 1] = last;
    count++;
  }

  int count() {
    return count;
  }

  /** Whether the listener has enough. */
  boolean isOver() {
    return isOver;
  }

  @Override
  public Piece make() {
    return new Piece(SIZE + longest);
  }

  @Override
  public void free(Piece piece) {
    piece.close();
  }

  @Override
  public void work(long number, Piece piece) throws VmcoreException {
    piece.clear();
    long at = bounds[2 * (int) number];
    long left = isOver ? 0 : bounds[2 * (int) number + 1] - at + 1; // places
    while (left > 0) {
      int wanted = (int) Unsigned.min(left + longest - 2, end - at) + 1;
      int got = piece.read(memory, at, wanted);
      search(piece, at, (int) Math.min(got, left), got);
      long passed = got;
      if (got < wanted && got < left) {
        Extent missing = Extent.unread(memory, at + got);
        passed = got + Unsigned.min(missing.sizeFrom(at + got), left - got);
        if (missing.state() == PageState.LOST) {
          piece.lost(missing.clip(at + got, left - got));
        }
      }
      at += passed;
      left -= passed;
    }
  }

  /** Finds what begins in the first {@code places} bytes and ends in the first {@code got}. */
  private void search(Piece piece, long address, int places, int got) {
    int phase = (int) (-address & alignment - 1);
    int[] next = new int[needles.size()];
    for (int i = 0; i < next.length; i++) {
      next[i] = next(i, piece, 0, places, got, phase);
    }
    int first = least(next);
    while (next[first] != NONE) {
      piece.found(address + next[first], first);
      next[first] = next(first, piece, next[first] + 1, places, got, phase);
      first = least(next);
    }
  }

  private int next(int needle, Piece piece, int from, int places, int got, int phase) {
    Needle sought = needles.get(needle);
    int to = (int) Math.min(got, (long) places + sought.size() - 1);
    int at = sought.next(piece.bytes(), from, to, alignment, phase);
    return at < 0 ? NONE : at;
  }

  private static int least(int[] next) {
    int least = 0;
    for (int i = 1; i < next.length; i++) {
      least = next[i] < next[least] ? i : least;
    }
    return least;
  }

  @Override
  public void deliver(long number, Piece piece) throws VmcoreException {
    for (int i = 0; i < piece.count() && !isOver; i++) {
      isOver = !listener.found(piece.address(i), piece.needle(i));
    }
    if (!isOver) {
      for (Extent extent : piece.lost()) {
        listener.lost(extent);
      }
      listener.passed(bounds[2 * (int) number + 1] - bounds[2 * (int) number] + 1);
    }
  }
}
