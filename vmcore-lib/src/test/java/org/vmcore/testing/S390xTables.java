package org.vmcore.testing;

import java.nio.ByteBuffer;

/**
 * Makes s390x' region, segment and page tables by hand, in 1 MiB of memory that is zero elsewhere.
 *
 * <p>Source: z/Architecture Principles of Operation, 3 "Dynamic Address Translation". The root is
 * the first table; each new one is behind the one before.
 */
public final class S390xTables {
  private static final int SIZE = 1 << 20;
  private static final int FIRST = 0x10000;
  private static final int ENTRIES = 2048;
  private static final int PAGE_ENTRIES = 256;
  private static final int SEGMENT_SHIFT = 20;
  private static final int INDEX_BITS = 11;
  private static final int INVALID = 0x20;
  private static final int LARGE = 0x400;
  private static final int WHOLE = 3;
  private static final int PAGE_INVALID = 0x400;

  private final ByteBuffer memory = ByteBuffer.allocate(SIZE);
  private final int levels;
  private int next = FIRST;

  /** Tables with nothing mapped: 2 to 5 levels. */
  public S390xTables(int levels) {
    this.levels = levels;
    table(levels - 1);
  }

  /** The root's physical address. */
  public int root() {
    return FIRST;
  }

  /** The address-space-control element. */
  public long asce() {
    return FIRST | (levels - 2) << 2 | WHOLE;
  }

  /** Maps a page of 4 KiB. */
  public S390xTables map(long virtual, long physical) {
    return put(entry(virtual, 0), physical);
  }

  /** Maps a page of 1 MiB. */
  public S390xTables mapSegment(long virtual, long physical) {
    return put(entry(virtual, 1), physical | LARGE);
  }

  /** Maps a page of 2 GiB. */
  public S390xTables mapRegion(long virtual, long physical) {
    return put(entry(virtual, 2), physical | LARGE | type(2) | WHOLE);
  }

  /** The physical address of the entry of {@code virtual}; level 0 is that of page tables. */
  public int entry(long virtual, int level) {
    int at = FIRST + index(virtual, levels - 1);
    for (int i = levels - 1; i > level; i--) {
      if ((memory.getLong(at) & INVALID) != 0) {
        put(at, table(i - 1) | (i > 1 ? type(i) | WHOLE : 0));
      }
      at = (int) (memory.getLong(at) & -0x800) + index(virtual, i - 1);
    }
    return at;
  }

  /** Writes any entry. */
  public S390xTables put(int entry, long value) {
    memory.putLong(entry, value);
    return this;
  }

  /** The bits of an entry. */
  public long get(int entry) {
    return memory.getLong(entry);
  }

  /** The bytes of memory, from physical address 0 on. */
  public byte[] bytes() {
    return memory.array().clone();
  }

  /** The memory, from physical address 0 on: 1 MiB. */
  public CountingMemory memory() {
    return CountingMemory.of(bytes());
  }

  private static int type(int level) {
    return (level - 1) << 2;
  }

  /** Of an entry in its table, in bytes. */
  private static int index(long virtual, int level) {
    long index =
        level == 0
            ? (virtual >>> 12) & (PAGE_ENTRIES - 1)
            : (virtual >>> (SEGMENT_SHIFT + (level - 1) * INDEX_BITS)) & (ENTRIES - 1);
    return (int) index * Long.BYTES;
  }

  private int table(int level) {
    int entries = level == 0 ? PAGE_ENTRIES : ENTRIES;
    int size = entries * Long.BYTES;
    int at = next + size - 1 & -size;
    next = at + size;
    for (int i = 0; i < entries; i++) {
      memory.putLong(
          at + i * Long.BYTES, level == 0 ? PAGE_INVALID : INVALID | (level > 1 ? type(level) : 0));
    }
    return at;
  }
}
