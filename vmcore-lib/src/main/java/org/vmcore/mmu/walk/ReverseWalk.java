package org.vmcore.mmu.walk;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.vmcore.arch.paging.EntryKind;
import org.vmcore.arch.paging.Paging;
import org.vmcore.arch.paging.Reach;
import org.vmcore.memory.VmcoreException;

/**
 * All that page tables map to some physical addresses: a walk through each of them, once unless it
 * leads there. It is bounded in tables and in what is found; tables that lead back to themselves
 * end with the levels.
 */
public final class ReverseWalk {
  /** How many tables are read: at 4 KiB a page they map 512 GiB and more. */
  private static final int MOST_TABLES = 1 << 18;

  private static final int MOST_FOUND = 1 << 12;

  /** Of many addresses. */
  private static final int MOST_OF_MANY = 1 << 16;

  private final TableCache tables;
  private final Paging paging;
  private final Reach reach;
  private final boolean isKernelOnly;

  /** Ascending. */
  private final long[] physical;

  private final int most;
  private final List<Hit> hits = new ArrayList<>();

  /** The tables that don't lead there, each with its level. */
  private final Set<Long> without = new HashSet<>();

  private int read;
  private int missing;
  private boolean isCut;

  /**
   * A walk.
   *
   * @param isKernelOnly whether only the kernel's addresses count
   * @param physical the addresses, in ascending order (unsigned), none of them twice
   */
  public ReverseWalk(
      TableCache tables, Paging paging, Reach reach, boolean isKernelOnly, long[] physical) {
    this.tables = tables;
    this.paging = paging;
    this.reach = reach;
    this.isKernelOnly = isKernelOnly;
    this.physical = physical;
    this.most = physical.length == 1 ? MOST_FOUND : MOST_OF_MANY;
  }

  /** A virtual address of a physical one, and the size of its page in bytes. */
  public record Hit(long virtual, long physical, long pageSize) {}

  /** Walks from {@code root} on; what is found is in the order of the tables. */
  public List<Hit> from(long root) throws VmcoreException {
    int level = paging.levels() - 1;
    Table table = tables.at(root, level);
    missing += table.known() < paging.entries(level) ? 1 : 0;
    for (int i = 0; i < table.known(); i++) {
      long virtual = reach.extended((long) i << paging.shift(level), paging.addressBits());
      if (reach.contains(virtual) && (paging.isKernel(virtual) || !isKernelOnly)) {
        entry(level, table.entry(i), virtual);
      }
    }
    return hits;
  }

  /** Whether what is below {@code entry}, which maps from {@code virtual} on, leads there. */
  private boolean entry(int level, long entry, long virtual) throws VmcoreException {
    EntryKind kind = entry == 0 ? EntryKind.NOT_MAPPED : paging.kind(level, entry);
    if (kind == EntryKind.TABLE) {
      return table(level - 1, paging.target(level, entry), virtual);
    }
    return kind == EntryKind.PAGE && page(level, entry, virtual);
  }

  /** Whether any of the addresses lies in what {@code entry}, one of a page, maps. */
  private boolean page(int level, long entry, long virtual) {
    long address = paging.physical(level, entry, virtual);
    long size = 1L << paging.shift(level);
    long pageSize = 1L << paging.pageShift(level, entry);
    int from = atOrAbove(address);
    int at = from;
    while (!isCut
        && at < physical.length
        && Long.compareUnsigned(physical[at] - address, size) < 0) {
      isCut = hits.size() == most;
      if (!isCut) {
        hits.add(new Hit(virtual + physical[at] - address, physical[at], pageSize));
      }
      at++;
    }
    return isCut || at > from;
  }

  /** The index of the first one that isn't below {@code address}. */
  private int atOrAbove(long address) {
    int low = 0;
    int high = physical.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(physical[middle], address) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private boolean table(int level, long address, long virtual) throws VmcoreException {
    long key = address + level;
    if (isCut || without.contains(key)) {
      return false;
    }
    isCut = ++read > MOST_TABLES;
    Table table = tables.at(address, level);
    missing += table.known() < paging.entries(level) ? 1 : 0;
    boolean leads = false;
    for (int i = 0; i < table.known() && !isCut; i++) {
      leads |= entry(level, table.entry(i), virtual + ((long) i << paging.shift(level)));
    }
    if (!leads) {
      without.add(key);
    }
    return leads;
  }

  /** Why there may be more, in one line; empty when all was found. */
  public String reason() {
    if (isCut) {
      return "there are more page tables, or places, than are looked at";
    }
    return missing == 0 ? "" : missing + " page tables aren't whole in the dump";
  }
}
