package org.vmcore.format.kdump;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Decompressed pages, by their rank among a dump's pages. Bounded; any number of threads share it
 * without waiting for each other: a page that is replaced while it is read stays what it was.
 */
final class PageCache {
  private static final int WAYS = 8;
  private static final long LEAST = 4 << 20;
  private static final long MOST = 32 << 20;

  private final AtomicReferenceArray<@Nullable Entry> slots;

  /** A page, and whether it was asked for since it was last passed over. */
  private static final class Entry {
    private final long rank;
    private final byte[] page;
    private boolean used;

    Entry(long rank, byte[] page) {
      this.rank = rank;
      this.page = page;
    }
  }

  /** Room for pages of {@code blockSize} bytes, a part of the memory the JVM may take. */
  PageCache(long blockSize) {
    long bytes = Math.clamp(Runtime.getRuntime().maxMemory() / 16, LEAST, MOST);
    slots = new AtomicReferenceArray<>((int) Math.max(bytes / blockSize, WAYS) / WAYS * WAYS);
  }

  byte @Nullable [] get(long rank) {
    int set = set(rank);
    for (int way = 0; way < WAYS; way++) {
      Entry entry = slots.getOpaque(set + way);
      if (entry != null && entry.rank == rank) {
        entry.used = true;
        return entry.page;
      }
    }
    return null;
  }

  /** Adds a page that others may read from now on: it doesn't change any more. */
  void put(long rank, byte[] page) {
    int set = set(rank);
    int victim = set + (int) (rank & WAYS - 1);
    for (int way = 0; way < WAYS; way++) {
      Entry entry = slots.getOpaque(set + way);
      if (entry == null || entry.rank == rank) {
        victim = set + way;
        break;
      }
      if (!entry.used) {
        victim = set + way;
      }
      entry.used = false;
    }
    slots.setRelease(victim, new Entry(rank, page));
  }

  /** Neighbours lie in sets of their own, so that a run of pages doesn't push itself out. */
  private int set(long rank) {
    return (int) Long.remainderUnsigned(rank, slots.length() / WAYS) * WAYS;
  }
}
