package org.vmcore.mmu.walk;

/** A page table, or as much of its beginning as can be read. It never changes. */
public final class Table {
  /** No table. */
  public static final Table NONE = new Table(0, 0, Long.BYTES, new long[0]);

  private final long address;
  private final int count;
  private final int entrySize;
  private final long[] entries;

  /**
   * @param address physical
   * @param count how many entries it should have
   * @param entrySize in bytes
   * @param entries those that could be read
   */
  Table(long address, int count, int entrySize, long[] entries) {
    this.address = address;
    this.count = count;
    this.entrySize = entrySize;
    this.entries = entries;
  }

  boolean is(long physical, int size) {
    return address == physical && count == size;
  }

  /** How many entries are known, from the first on. */
  public int known() {
    return entries.length;
  }

  public long entry(int index) {
    return entries[index];
  }

  /** The physical address of an entry. */
  public long addressOf(int index) {
    return address + (long) index * entrySize;
  }
}
