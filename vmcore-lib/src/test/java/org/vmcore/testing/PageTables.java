package org.vmcore.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Makes page tables by hand, in memory that is {@link DumpBuilder#pattern} everywhere else.
 *
 * <pre>{@code
 * PageTables tables = PageTables.x86(39, 30, 21, 12).map(0xffff_8880_0000_0000L, 0x9000, 12);
 * AddressSpace.of(tables.memory(), new X86Paging(4, 0), tables.root());
 * }</pre>
 *
 * <p>The shape is told by the lowest address bit that each level resolves, from the root on.
 * Entries are those of Intel's Software Developer's Manual, volume 3, 5.5, and Arm's Architecture
 * Reference Manual, D8.3. The root is the first table; each new one is behind the one before.
 */
public final class PageTables {
  private static final int SIZE = 1 << 20;
  private static final int FIRST = 0x10000;
  private static final int X86_TABLE = 0x67;
  private static final int X86_PAGE = 0x163;
  private static final int X86_LARGE = 0x80;
  private static final int ARM_TABLE = 0b11;
  private static final int ARM_ACCESSED = 0x400;
  private static final int ARM_SHAREABLE = 0x300;

  private final boolean isArm;
  private final boolean isLpa2;
  private final int[] shifts;
  private final int rootBits;
  private final byte[] bytes = DumpBuilder.pattern(0, SIZE);
  private ByteOrder order = ByteOrder.LITTLE_ENDIAN;
  private int next = FIRST;

  private PageTables(boolean isArm, int addressBits, int... shifts) {
    this.isArm = isArm;
    this.isLpa2 = addressBits == 52 && shifts[shifts.length - 1] < 16;
    this.shifts = shifts.clone();
    this.rootBits = addressBits - shifts[0];
    table(1 << rootBits);
  }

  /** Tables of x86_64 with nothing mapped: 4 or 5 levels. */
  public static PageTables x86(int... shifts) {
    return new PageTables(false, shifts[0] + 9, shifts);
  }

  /** Tables of arm64 with nothing mapped; the last shift is the page's. */
  public static PageTables arm64(int addressBits, int... shifts) {
    return new PageTables(true, addressBits, shifts);
  }

  /** Entries written from now on are big-endian. */
  public PageTables bigEndian() {
    order = ByteOrder.BIG_ENDIAN;
    return this;
  }

  /** The root's physical address. */
  public long root() {
    return FIRST;
  }

  /** Maps {@code 2^shift} bytes; the page begins at {@code virtual} and {@code physical}. */
  public PageTables map(long virtual, long physical, int shift) {
    int level = 0;
    long at = root();
    while (shifts[level] != shift) {
      long entry = at + 8L * index(virtual, level);
      if (get(entry) == 0) {
        put(entry, encode(table(1 << (shifts[level] - shifts[level + 1])), false, false));
      }
      at = decode(get(entry));
      level++;
    }
    return put(at + 8L * index(virtual, level), encode(physical, true, level < shifts.length - 1));
  }

  /** The physical address of the entry of {@code virtual}, {@code level} steps below the root. */
  public long entry(long virtual, int level) {
    long at = root();
    for (int i = 0; i < level; i++) {
      at = decode(get(at + 8L * index(virtual, i)));
    }
    return at + 8L * index(virtual, level);
  }

  /** Writes any entry. */
  public PageTables put(long entry, long value) {
    ByteBuffer.wrap(bytes).order(order).putLong((int) entry, value);
    return this;
  }

  /** The bits of an entry. */
  public long get(long entry) {
    return ByteBuffer.wrap(bytes).order(order).getLong((int) entry);
  }

  /** The memory that holds them, from physical address 0 on: 1 MiB. */
  public CountingMemory memory() {
    return CountingMemory.of(bytes);
  }

  private int index(long virtual, int level) {
    int width = level == 0 ? rootBits : shifts[level - 1] - shifts[level];
    return (int) (virtual >>> shifts[level]) & ((1 << width) - 1);
  }

  private long table(int entries) {
    int size = Math.max(entries * 8, 1 << shifts[shifts.length - 1]);
    int at = (next + size - 1) & -size;
    next = at + size;
    for (int i = at; i < next; i++) {
      bytes[i] = 0;
    }
    return at;
  }

  private long encode(long physical, boolean leaf, boolean large) {
    if (!isArm) {
      return physical | (leaf ? X86_PAGE | (large ? X86_LARGE : 0) : X86_TABLE);
    }
    long address = physical;
    int attributes = leaf ? ARM_ACCESSED | (isLpa2 ? 0 : ARM_SHAREABLE) : 0;
    if (shifts[shifts.length - 1] == 16) {
      address = (physical & 0x0000_ffff_ffff_0000L) | (physical >>> 48 << 12);
    } else if (isLpa2) {
      address = (physical & 0x0003_ffff_ffff_f000L) | (physical >>> 50 << 8);
    }
    return address | attributes | (large ? 0b01 : ARM_TABLE);
  }

  /** The address in a table's entry; tables lie below 1 MiB. */
  private static long decode(long entry) {
    return entry & 0xff000;
  }
}
