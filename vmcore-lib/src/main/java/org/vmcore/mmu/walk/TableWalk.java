package org.vmcore.mmu.walk;

import java.util.HashSet;
import java.util.Set;
import java.util.function.LongConsumer;
import org.vmcore.arch.paging.EntryKind;
import org.vmcore.arch.paging.Paging;
import org.vmcore.memory.VmcoreException;

/**
 * A walk to all page tables below a root, each told of once. It is bounded in tables; the last
 * level's aren't read. Tables that lead back to themselves end with the levels.
 */
public final class TableWalk {
  /** With these 4 KiB pages map 2 TiB. */
  private static final int MOST_TABLES = 1 << 20;

  /** How many of them are read: with these 1 TiB and more is mapped in pages of 4 KiB. */
  private static final int MOST_READ = 1 << 16;

  private final TableCache tables;
  private final Paging paging;
  private final LongConsumer out;

  /** The tables that were told of, each with its level. */
  private final Set<Long> seen = new HashSet<>();

  private int read;

  public TableWalk(TableCache tables, Paging paging, LongConsumer out) {
    this.tables = tables;
    this.paging = paging;
    this.out = out;
  }

  /** Tells of {@code root} and all below it; whether these are all. */
  public boolean from(long root) throws VmcoreException {
    return table(paging.levels() - 1, root);
  }

  private boolean table(int level, long address) throws VmcoreException {
    if (!seen.add(address + level)) {
      return true;
    }
    if (seen.size() > MOST_TABLES || (level > 0 && ++read > MOST_READ)) {
      return false;
    }
    out.accept(address);
    return level == 0 || entries(level, tables.at(address, level));
  }

  private boolean entries(int level, Table table) throws VmcoreException {
    boolean isAll = table.known() == paging.entries(level);
    for (int i = 0; i < table.known(); i++) {
      long entry = table.entry(i);
      if (entry != 0 && paging.kind(level, entry) == EntryKind.TABLE) {
        isAll &= table(level - 1, paging.target(level, entry));
      }
    }
    return isAll;
  }
}
