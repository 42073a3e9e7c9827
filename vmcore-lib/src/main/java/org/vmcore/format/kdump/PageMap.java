package org.vmcore.format.kdump;

import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.oldmem.PageTally;

/**
 * What the bitmaps say of each page frame: bitmap1 has those that exist, bitmap2 those that were
 * dumped. A dump with one bitmap has no others than it dumped.
 */
final class PageMap {
  /** What the bitmaps say of a page frame. */
  enum Kind {
    /** It doesn't exist. */
    ABSENT,
    /** It exists and was left out. */
    EXCLUDED,
    /** It was dumped. */
    DUMPED,
    /** The bits aren't in the file. */
    UNKNOWN
  }

  /** Page frames, in the bitmaps of 16 MiB: fewer are read before another thread has begun. */
  private static final long WORTH_A_THREAD = 1L << 27;

  private final Bitmap exists;
  private final Bitmap dumped;
  private final long end;

  private PageMap(Bitmap exists, Bitmap dumped, long end) {
    this.exists = exists;
    this.dumped = dumped;
    this.end = end;
  }

  /**
   * Reads the bitmaps of {@code file}.
   *
   * @param end behind the last page frame
   */
  static PageMap read(ByteSource file, KdumpHeader header, long end) throws VmcoreException {
    long half = header.bitmapBits() / 2;
    if (end > half) {
      Bitmap only = Bitmap.read(file, header.bitmapOffset(), end);
      return new PageMap(only, only, end);
    }
    long second = header.bitmapOffset() + half / Byte.SIZE;
    FutureTask<Bitmap> dumped = new FutureTask<>(() -> Bitmap.read(file, second, end));
    if (end >= WORTH_A_THREAD) {
      ForkJoinPool.commonPool().execute(dumped);
    }
    Bitmap exists = Bitmap.read(file, header.bitmapOffset(), end);
    dumped.run(); // unless another thread does
    return new PageMap(exists, result(dumped), end);
  }

  private static Bitmap result(FutureTask<Bitmap> task) throws VmcoreException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      switch (Objects.requireNonNull(e.getCause())) {
        case VmcoreException failed -> throw failed;
        case Error error -> throw error;
        case RuntimeException bug -> throw bug;
        default -> throw new IllegalStateException(e);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Behind the last page frame. */
  long end() {
    return end;
  }

  /** How many page frames there are in bitmap1. */
  long exist() {
    return exists.count();
  }

  /** How many page frames were dumped. */
  long dumped() {
    return dumped.count();
  }

  /** Whether all bits are in the file. */
  boolean isWhole() {
    return exists.known() >= end && dumped.known() >= end;
  }

  /** How many dumped page frames are below {@code pfn}. */
  long rank(long pfn) throws VmcoreException {
    return dumped.rank(pfn);
  }

  /** Whether {@code pfn} was dumped. */
  boolean isDumped(long pfn) throws VmcoreException {
    return dumped.get(pfn);
  }

  /** The first page frame from {@code pfn} on, at most {@code to}, that may have been dumped. */
  long nextDumped(long pfn, long to) throws VmcoreException {
    long known = Math.min(exists.known(), dumped.known());
    return pfn < known ? dumped.nextSet(pfn, Math.min(to, known)) : pfn;
  }

  /**
   * Which of the 64 page frames around {@code pfn} exist, as far as the bits are in the file; those
   * behind are 0.
   */
  long existing(long pfn) throws VmcoreException {
    return exists.word(pfn) | dumped.word(pfn);
  }

  /** Behind the page frames from {@code pfn} on that are passed over because none exists. */
  long skipAbsent(long pfn) {
    return Math.min(exists.skipEmpty(pfn, end), dumped.skipEmpty(pfn, end));
  }

  /** Behind the last page frame whose bit in bitmap1 is in the file. */
  long known() {
    return Math.min(exists.known(), end);
  }

  /** Counts the page frames from {@code from} to {@code to} that were not dumped. */
  void count(long from, long to, PageTally tally) throws VmcoreException {
    long inBoth = Math.clamp(dumped.known(), from, Math.max(from, Math.min(to, exists.known())));
    long inFirst = Math.clamp(exists.known(), inBoth, to);
    long existing = existing(from, inBoth);
    long unknown = existing(inBoth, inFirst);
    tally.add(PageState.EXCLUDED, existing - (dumped.rank(inBoth) - dumped.rank(from)));
    tally.add(PageState.LOST, unknown + (to - inFirst));
    tally.add(PageState.NOT_RAM, inFirst - from - existing - unknown);
  }

  /** How many of these page frames exist. */
  private long existing(long from, long to) throws VmcoreException {
    long sum = 0;
    for (long at = from; at < to; at = (at | Long.SIZE - 1) + 1) {
      at = Math.max(at, skipAbsent(at) & -Long.SIZE);
      if (at < to) {
        long behind = to - (at & -Long.SIZE);
        long mask = behind < Long.SIZE ? (1L << behind) - 1 : -1;
        sum += Long.bitCount(existing(at) & mask & -1L << at);
      }
    }
    return sum;
  }

  /** What {@code pfn}, which is below {@link #end}, is. */
  Kind kind(long pfn) throws VmcoreException {
    if (pfn >= exists.known()) {
      return Kind.UNKNOWN;
    }
    boolean isThere = exists.get(pfn);
    if (pfn >= dumped.known()) {
      return isThere ? Kind.UNKNOWN : Kind.ABSENT;
    }
    if (dumped.get(pfn)) {
      return Kind.DUMPED;
    }
    return isThere ? Kind.EXCLUDED : Kind.ABSENT;
  }

  /** Behind the page frames from {@code pfn} on that are what it is, at most {@code limit}. */
  long runEnd(long pfn, long limit) throws VmcoreException {
    Kind kind = kind(pfn);
    long most = Math.min(limit, end);
    if (pfn >= exists.known()) {
      return most;
    }
    most = Math.min(most, pfn < dumped.known() ? dumped.known() : exists.known());
    most = Math.min(most, exists.known());
    for (long at = pfn; at < most; ) {
      if (kind == Kind.ABSENT) {
        at = Math.min(exists.skipEmpty(at, most), dumped.skipEmpty(at, most));
        if (at >= most) {
          break;
        }
      }
      long others = ~like(kind, at) >>> at;
      if (others != 0) {
        return Math.min(most, at + Long.numberOfTrailingZeros(others));
      }
      at = (at | Long.SIZE - 1) + 1;
    }
    return most;
  }

  /** Which of the 64 page frames around {@code pfn} are of that kind. */
  private long like(Kind kind, long pfn) throws VmcoreException {
    long there = exists.word(pfn);
    long bytes = dumped.word(pfn);
    return switch (kind) {
      case ABSENT -> ~(there | bytes);
      case EXCLUDED -> there & ~bytes;
      case DUMPED -> bytes;
      case UNKNOWN -> there; // bitmap1 says that it is there, and bitmap2 isn't in the file
    };
  }
}
