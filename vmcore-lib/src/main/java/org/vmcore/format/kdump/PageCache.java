package org.vmcore.format.kdump;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import org.vmcore.values.Bytes;

/**
 * Decompressed pages, by their rank among a dump's pages. Bounded; any number of threads share it
 * without waiting for each other.
 *
 * <p>Its memory is touched once and then used again and again: a first touch costs more than a page
 * takes to decompress. So a page may be replaced while another thread copies it; a slot's stamp
 * tells, and the copy is then worth nothing (a seqlock).
 */
final class PageCache {
  private static final int WAYS = 8;
  private static final long LEAST = 1 << 20;

  /** As much as libkdumpfile keeps: larger ones gain nothing where pages are read once. */
  private static final long MOST = 4 << 20;

  /** A stamp: rank + 1, or 0 for none; how often the slot was filled; whether that goes on. */
  private static final int RANK_SHIFT = 24;

  private static final long FILLING = 1;
  private static final long FILLED = 2;
  private static final long FILLS = (1L << RANK_SHIFT) - 1;
  private static final long END = 1L << (Long.SIZE - 1 - RANK_SHIFT);

  private final int blockSize;
  private final AtomicLongArray stamps;

  /** By slot; made when it is filled for the first time, before its stamp tells of it. */
  private final byte[] @Nullable [] pages;

  /** By slot: whether it was asked for since it was last passed over. A race loses a hint. */
  private final boolean[] used;

  /** Room for pages of {@code blockSize} bytes, a part of the memory the JVM may take. */
  PageCache(int blockSize) {
    long bytes = Math.clamp(Runtime.getRuntime().maxMemory() / 16, LEAST, MOST);
    int slots = (int) Math.max(bytes / blockSize, WAYS) / WAYS * WAYS;
    this.blockSize = blockSize;
    this.stamps = new AtomicLongArray(slots);
    this.pages = new byte[slots][];
    this.used = new boolean[slots];
  }

  /**
   * Copies {@code n} bytes of page {@code rank} from {@code from} on; gives whether they were had.
   * If not, {@code dst} may have bytes of another page there.
   */
  boolean copy(long rank, int from, MemorySegment dst, long at, int n) {
    int slot = slotOf(rank);
    if (slot < 0) {
      return false;
    }
    long stamp = stamps.getAcquire(slot);
    byte[] page = pages[slot];
    if (page == null || !isOf(stamp, rank)) {
      return false;
    }
    Bytes.copy(MemorySegment.ofArray(page), from, dst, at, n);
    VarHandle.acquireFence();
    return stamps.getOpaque(slot) == stamp;
  }

  /** Whether page {@code rank} is there. */
  boolean has(long rank) {
    return slotOf(rank) >= 0;
  }

  private int slotOf(long rank) {
    int set = set(rank);
    for (int slot = set; slot < set + WAYS; slot++) {
      if (isOf(stamps.getOpaque(slot), rank)) {
        used[slot] = true;
        return slot;
      }
    }
    return -1;
  }

  private static boolean isOf(long stamp, long rank) {
    return stamp >>> RANK_SHIFT == rank + 1 && (stamp & FILLING) == 0;
  }

  /** Adds the page at {@code offset} of {@code source}, unless another thread takes its place. */
  void put(long rank, byte[] source, int offset) {
    if (rank >= END - 1) {
      return;
    }
    int slot = victim(rank);
    byte[] page = pages[slot];
    if (page == null) {
      page = new byte[blockSize];
    }
    long stamp = stamps.getOpaque(slot);
    if ((stamp & FILLING) != 0 || !stamps.compareAndSet(slot, stamp, stamp | FILLING)) {
      return;
    }
    VarHandle.storeStoreFence(); // no byte of it is seen before the stamp is
    byte[] known = pages[slot];
    if (known == null) {
      pages[slot] = page;
    } else {
      page = known;
    }
    System.arraycopy(source, offset, page, 0, blockSize);
    stamps.setRelease(slot, (rank + 1) << RANK_SHIFT | (stamp + FILLED & FILLS));
  }

  private int victim(long rank) {
    int set = set(rank);
    int victim = set + (int) (rank & WAYS - 1);
    for (int slot = set; slot < set + WAYS; slot++) {
      long stamp = stamps.getOpaque(slot);
      if (stamp == 0 || isOf(stamp, rank)) {
        return slot;
      }
      if (!used[slot]) {
        victim = slot;
      }
      used[slot] = false;
    }
    return victim;
  }

  /** Neighbours lie in sets of their own, so that a run of pages doesn't push itself out. */
  private int set(long rank) {
    return (int) Long.remainderUnsigned(rank, used.length / WAYS) * WAYS;
  }
}
