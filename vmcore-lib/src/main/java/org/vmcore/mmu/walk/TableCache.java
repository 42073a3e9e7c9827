package org.vmcore.mmu.walk;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.vmcore.arch.paging.Paging;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;

/**
 * The page tables that were used last, each in the one place that its address has: at most 2 MiB of
 * them where all are of one size. Threads share it without waiting for each other.
 */
public final class TableCache {
  private static final int BYTES = 2 << 20;

  private final Memory physical;
  private final Paging paging;
  private final int tableShift;
  private final AtomicReferenceArray<@Nullable Table> slots;

  public TableCache(Memory physical, Paging paging) {
    this.physical = physical;
    this.paging = paging;
    this.tableShift = Long.numberOfTrailingZeros(paging.tableSize(0));
    this.slots = new AtomicReferenceArray<>(BYTES >> tableShift);
  }

  public Memory physical() {
    return physical;
  }

  /** The table of {@code level} at physical {@code address}. */
  public Table at(long address, int level) throws VmcoreException {
    int count = paging.entries(level);
    int slot = slot(address);
    Table cached = slots.get(slot);
    if (cached != null && cached.is(address, count)) {
      return cached;
    }
    Table table = new Table(address, count, paging.entrySize(), entries(level, address, count));
    slots.set(slot, table);
    return table;
  }

  /** The one entry of {@code level} at physical {@code address} when there is one, uncached. */
  long[] entry(int level, long address) throws VmcoreException {
    return entries(level, address, 1);
  }

  /** The CPU's and, where these are empty, those that the kernel has beside them. */
  private long[] entries(int level, long address, int count) throws VmcoreException {
    long[] entries = read(address, count);
    OptionalLong beside = paging.beside(level, address);
    if (beside.isPresent()) {
      long[] others = read(beside.getAsLong(), entries.length);
      for (int i = 0; i < others.length; i++) {
        entries[i] = paging.chosen(entries[i], others[i]);
      }
    }
    return entries;
  }

  private long[] read(long address, int count) throws VmcoreException {
    byte[] bytes = new byte[count * paging.entrySize()];
    long got = physical.read(address, MemorySegment.ofArray(bytes));
    return paging.decode(ByteBuffer.wrap(bytes, 0, (int) got));
  }

  private int slot(long address) {
    long page = address >>> tableShift;
    return (int) (page ^ (page >>> 9)) & (slots.length() - 1);
  }
}
