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
 * Entries are those of Intel's Software Developer's Manual, volume 3, 5.5; Arm's Architecture
 * Reference Manual, D8.3; the RISC-V manual, volume II; the Power ISA, book III, 6.7.10. The root
 * is the first table; each new one is behind the one before.
 */
public final class PageTables {
  private static final int SIZE = 1 << 20;
  private static final int FIRST = 0x10000;

  /** How the entries of an architecture are written. */
  public interface Entries {
    /** The size of one in bytes: 4 or 8. */
    default int size() {
      return Long.BYTES;
    }

    /**
     * One of a table.
     *
     * @param address physical
     * @param level of the entry, counted from the root, 0
     * @param bits the table has 2 to the power of it entries
     */
    long table(long address, int level, int bits);

    /**
     * One of a page.
     *
     * @param address physical
     * @param level of the entry, counted from the root, 0
     * @param isLast whether it is of the last level
     */
    long page(long address, int level, boolean isLast);

    /** The address in one of a table. */
    default long address(long entry) {
      return entry & 0xff000;
    }
  }

  private record X86() implements Entries {
    @Override
    public long table(long address, int level, int bits) {
      return address | 0x67;
    }

    @Override
    public long page(long address, int level, boolean isLast) {
      return address | (isLast ? 0x163 : 0x1e3);
    }
  }

  private record Arm64(boolean isLpa, boolean isLpa2) implements Entries {
    @Override
    public long table(long address, int level, int bits) {
      return encoded(address) | 0b11;
    }

    @Override
    public long page(long address, int level, boolean isLast) {
      long attributes = isLpa2 ? 0x400 : 0x700;
      return encoded(address) | attributes | (isLast ? 0b11 : 0b01);
    }

    private long encoded(long address) {
      if (isLpa) {
        return (address & 0x0000_ffff_ffff_0000L) | (address >>> 48 << 12);
      }
      return isLpa2 ? (address & 0x0003_ffff_ffff_f000L) | (address >>> 50 << 8) : address;
    }
  }

  private record Riscv64() implements Entries {
    @Override
    public long table(long address, int level, int bits) {
      return address >>> 12 << 10 | 1;
    }

    @Override
    public long page(long address, int level, boolean isLast) {
      return address >>> 12 << 10 | 0xe7;
    }

    @Override
    public long address(long entry) {
      return entry >>> 10 << 12;
    }
  }

  private record Ppc64() implements Entries {
    @Override
    public long table(long address, int level, int bits) {
      return address | 1L << 63 | bits;
    }

    @Override
    public long page(long address, int level, boolean isLast) {
      return address | 0xc000_0000_0000_018eL;
    }

    @Override
    public long address(long entry) {
      return entry & 0xfff00;
    }
  }

  private final Entries entries;
  private final int[] shifts;
  private final int rootBits;
  private final byte[] bytes = DumpBuilder.pattern(0, SIZE);
  private ByteOrder order = ByteOrder.LITTLE_ENDIAN;
  private int next = FIRST;

  private PageTables(Entries entries, int addressBits, int... shifts) {
    this.entries = entries;
    this.shifts = shifts.clone();
    this.rootBits = addressBits - shifts[0];
    table(1 << rootBits);
  }

  /** Tables with nothing mapped, little-endian; the last shift is the page's. */
  public static PageTables of(Entries entries, int addressBits, int... shifts) {
    return new PageTables(entries, addressBits, shifts);
  }

  /** Tables of x86_64 with nothing mapped: 4 or 5 levels. */
  public static PageTables x86(int... shifts) {
    return of(new X86(), shifts[0] + 9, shifts);
  }

  /** Tables of arm64 with nothing mapped; the last shift is the page's. */
  public static PageTables arm64(int addressBits, int... shifts) {
    int page = shifts[shifts.length - 1];
    return of(new Arm64(page == 16, page < 16 && addressBits == 52), addressBits, shifts);
  }

  /** Tables of riscv64 with nothing mapped: 3 to 5 levels. */
  public static PageTables riscv64(int... shifts) {
    return of(new Riscv64(), shifts[0] + 9, shifts);
  }

  /** The radix tree of ppc64 with nothing mapped. */
  public static PageTables ppc64(int pageShift) {
    return of(new Ppc64(), 52, 39, 30, 21, pageShift).bigEndian();
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
      long entry = at + (long) entries.size() * index(virtual, level);
      if (get(entry) == 0) {
        int bits = shifts[level] - shifts[level + 1];
        put(entry, entries.table(table(1 << bits), level, bits));
      }
      at = entries.address(get(entry));
      level++;
    }
    return put(
        at + (long) entries.size() * index(virtual, level),
        entries.page(physical, level, level == shifts.length - 1));
  }

  /** The physical address of the entry of {@code virtual}, {@code level} steps below the root. */
  public long entry(long virtual, int level) {
    long at = root();
    for (int i = 0; i < level; i++) {
      at = entries.address(get(at + (long) entries.size() * index(virtual, i)));
    }
    return at + (long) entries.size() * index(virtual, level);
  }

  /** Writes any entry. */
  public PageTables put(long entry, long value) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(order);
    if (entries.size() == Long.BYTES) {
      in.putLong((int) entry, value);
    } else {
      in.putInt((int) entry, (int) value);
    }
    return this;
  }

  /** The bits of an entry. */
  public long get(long entry) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(order);
    return entries.size() == Long.BYTES
        ? in.getLong((int) entry)
        : Integer.toUnsignedLong(in.getInt((int) entry));
  }

  /** The memory that holds them, from physical address 0 on: 1 MiB. */
  public CountingMemory memory() {
    return CountingMemory.of(bytes);
  }

  private int index(long virtual, int level) {
    int width = level == 0 ? rootBits : shifts[level - 1] - shifts[level];
    return (int) (virtual >>> shifts[level]) & ((1 << width) - 1);
  }

  private long table(int count) {
    int size = Math.max(count * entries.size(), 1 << shifts[shifts.length - 1]);
    int at = (next + size - 1) & -size;
    next = at + size;
    for (int i = at; i < next; i++) {
      bytes[i] = 0;
    }
    return at;
  }
}
