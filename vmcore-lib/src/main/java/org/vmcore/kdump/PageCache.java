package org.vmcore.kdump;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Decompressed pages, by their descriptor's index. Bounded; any number of threads share it without
 * waiting for each other: a page that is replaced while it is read stays what it was.
 */
final class PageCache {
  private static final int WAYS = 8;
  private static final long LEAST = 4 << 20;
  private static final long MOST = 32 << 20;

  private final AtomicReferenceArray<@Nullable Entry> slots;

  /** A page, and whether it was asked for since it was last passed over. */
  private static final class Entry {
    private final long index;
    private final byte[] page;
    private boolean used;

    Entry(long index, byte[] page) {
      this.index = index;
      this.page = page;
    }
  }

  /** Room for pages of {@code blockSize} bytes, a part of the memory the JVM may take. */
  PageCache(long blockSize) {
    long bytes = Math.clamp(Runtime.getRuntime().maxMemory() / 16, LEAST, MOST);
    slots = new AtomicReferenceArray<>((int) Math.max(bytes / blockSize, WAYS) / WAYS * WAYS);
  }

  byte @Nullable [] get(long index) {
    int set = set(index);
    for (int way = 0; way < WAYS; way++) {
      Entry entry = slots.getOpaque(set + way);
      if (entry != null && entry.index == index) {
        entry.used = true;
        return entry.page;
      }
    }
    return null;
  }

  /** Adds a page that others may read from now on: it doesn't change any more. */
  void put(long index, byte[] page) {
    int set = set(index);
    int victim = set + (int) (index & WAYS - 1);
    for (int way = 0; way < WAYS; way++) {
      Entry entry = slots.getOpaque(set + way);
      if (entry == null || entry.index == index) {
        victim = set + way;
        break;
      }
      if (!entry.used) {
        victim = set + way;
      }
      entry.used = false;
    }
    slots.setRelease(victim, new Entry(index, page));
  }

  /** Neighbours lie in sets of their own, so that a run of pages doesn't push itself out. */
  private int set(long index) {
    return (int) Long.remainderUnsigned(index, slots.length() / WAYS) * WAYS;
  }
}
