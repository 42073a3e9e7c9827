package org.vmcore.mmu.walk;

import org.vmcore.arch.paging.EntryKind;
import org.vmcore.arch.paging.Paging;
import org.vmcore.memory.Extent;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * The way from the root to the entry of one address. It passes each level at most once, so tables
 * that lead back to themselves end like any others.
 */
public final class Walk {
  private final Paging paging;
  private final TableCache tables;
  private final long address;
  private long tableAt;
  private Table table = Table.NONE;
  private int level;
  private int index;
  private long entry;
  private EntryKind kind = EntryKind.TABLE;

  public Walk(Paging paging, TableCache tables, long root, long address) {
    this.paging = paging;
    this.tables = tables;
    this.address = address;
    this.tableAt = root;
    this.level = paging.levels();
  }

  /** Goes to the last entry. */
  public Walk toEnd() throws VmcoreException {
    while (kind == EntryKind.TABLE) {
      step();
    }
    return this;
  }

  /** Goes to the entry of the next level; {@link #kind} must be a table. */
  public void step() throws VmcoreException {
    level--;
    table = tables.at(tableAt, level);
    index = paging.index(address, level);
    long[] single = index < table.known() ? null : tables.entry(level, table.addressOf(index));
    if (single != null && single.length == 0) {
      kind = EntryKind.MISSING;
      return;
    }
    entry = single == null ? table.entry(index) : single[0];
    kind = paging.kind(level, entry);
    if (kind == EntryKind.TABLE) {
      tableAt = paging.target(level, entry);
    }
  }

  public EntryKind kind() {
    return kind;
  }

  /** The entry's flags by their names. */
  public String flags() {
    return paging.flags(level, entry);
  }

  public String levelName() {
    return paging.name(level);
  }

  /** The entry's physical address. */
  public long entryAddress() {
    long at = table.addressOf(index);
    return kind == EntryKind.PAGE && paging.isBeside(entry)
        ? paging.beside(level, at).orElse(at)
        : at;
  }

  /** The entry's bits. */
  public long entry() {
    return paging.bits(entry);
  }

  /** What an entry of this level maps, in bytes. */
  private long regionSize() {
    return 1L << paging.shift(level);
  }

  /** The size of the page in bytes; {@link #kind} must be a page. */
  public long pageSize() {
    return 1L << paging.pageShift(level, entry);
  }

  /** The physical address; {@link #kind} must be a page. */
  public long physical() {
    return paging.physical(level, entry, address);
  }

  /**
   * How many bytes from the address on, up to {@code wanted}, lie in a row in physical memory;
   * {@link #kind} must be a page.
   */
  public long inARow(long wanted) {
    long region = regionSize();
    long row = region - (address & (region - 1));
    for (int i = index + 1; Long.compareUnsigned(row, wanted) < 0 && isAlike(i); i++) {
      row += region;
    }
    return row;
  }

  /** What this entry and those like it beside it in its table map: pages in a row, or nothing. */
  public Extent span() throws VmcoreException {
    int first = index;
    int last = index;
    if (kind == EntryKind.MISSING && isWholeTableMissing()) {
      first = 0;
      last = paging.entries(level) - 1;
    }
    while (isAlike(first - 1)) {
      first--;
    }
    while (isAlike(last + 1)) {
      last++;
    }
    long region = regionSize();
    long start = (address & -region) - (index - first) * region;
    return new Extent(start, (last - first + 1) * region, PageState.NOT_RAM);
  }

  private boolean isWholeTableMissing() throws VmcoreException {
    Extent extent = tables.physical().extentAt(entryAddress());
    return !extent.isPresent()
        && extent.contains(table.addressOf(0))
        && extent.contains(table.addressOf(paging.entries(level)) - 1);
  }

  private boolean isAlike(int other) {
    if (other < 0 || other >= table.known() || index >= table.known()) {
      return false;
    }
    long bits = table.entry(other);
    if (paging.kind(level, bits) != kind) {
      return false;
    }
    return switch (kind) {
      case NOT_MAPPED -> true;
      case PAGE -> {
        long apart = (other - index) * regionSize();
        yield paging.physical(level, bits, address + apart) - physical() == apart;
      }
      default -> false;
    };
  }

  /** Why the address has no physical one. */
  public String reason(PageState table) {
    String where = " at physical address " + Hex.of(entryAddress());
    String is = levelName() + " entry" + where + " is " + Hex.of(entry);
    return switch (kind) {
      case NOT_MAPPED -> "not mapped: the " + is;
      case RESERVED -> "the " + is + ", in which reserved bits are set";
      case MISSING -> "the " + levelName() + " entry" + where + " " + missing(table);
      case TABLE, PAGE -> "";
    };
  }

  /** {@code is lost}: what keeps a table from being read. */
  public static String missing(PageState state) {
    return switch (state) {
      case EXCLUDED -> "is excluded from the dump";
      case NOT_RAM -> "is outside of RAM";
      case LOST, PRESENT -> "is lost";
    };
  }
}
