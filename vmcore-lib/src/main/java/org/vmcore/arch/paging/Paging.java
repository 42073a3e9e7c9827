package org.vmcore.arch.paging;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.OptionalLong;
import org.vmcore.elf.VmcoreInfo;

/**
 * How an architecture's page tables are laid out: a tree of tables whose entries are numbers of 32
 * or 64 bits. Levels are counted from the last one, 0, upwards.
 */
public abstract class Paging {
  /** Linux' names of the levels below the root, from the last one upwards. */
  private static final String[] NAMES = {"PTE", "PMD", "PUD", "P4D"};

  /** VMCOREINFO's names of the topmost table; before 4.13 x86_64 called it init_level4_pgt. */
  private static final List<String> ROOTS =
      List.of("init_top_pgt", "swapper_pg_dir", "init_level4_pgt");

  /** Physical addresses of this many bits at the most: ppc64's have 57, riscv64's 56. */
  private static final long PHYSICAL = (1L << 57) - 1;

  private final TableShape shape;
  private final ByteOrder order;

  /**
   * @param order of the entries, which needn't be the kernel's
   */
  Paging(TableShape shape, ByteOrder order) {
    this.shape = shape;
    this.order = order;
  }

  /** The virtual address of the kernel's topmost table, as VMCOREINFO tells. */
  public static OptionalLong rootSymbol(VmcoreInfo info) {
    for (String name : ROOTS) {
      OptionalLong vaddr = info.symbol(name);
      if (vaddr.isPresent()) {
        return vaddr;
      }
    }
    return OptionalLong.empty();
  }

  /** The size of the smallest page in bytes. */
  public final long pageSize() {
    return 1L << shape.shift(0);
  }

  /** How many tables a walk to the smallest page passes. */
  public final int levels() {
    return shape.levels();
  }

  /** The root's physical address in a register that holds it, flags and all. */
  public long root(long register) {
    return register & PHYSICAL & -tableSize(levels() - 1);
  }

  /** The register in which a CPU has the root: that of {@link Architecture#root}. */
  public String rootRegister() {
    return "CR3";
  }

  /** The name of {@code level} in Linux' words. */
  public final String name(int level) {
    return level == levels() - 1 ? "PGD" : NAMES[level];
  }

  /** How many bits of an address lie below those that {@code level} resolves. */
  public final int shift(int level) {
    return shape.shift(level);
  }

  /** How many bits of an address the tables resolve. */
  public final int addressBits() {
    return shape.addressBits();
  }

  /** How many entries a table of {@code level} has. */
  public final int entries(int level) {
    return shape.entries(level);
  }

  /** The size of an entry in bytes: 4 or 8. */
  public final int entrySize() {
    return shape.entrySize();
  }

  /** The size of a table of {@code level} in bytes. */
  public final long tableSize(int level) {
    return (long) entries(level) * entrySize();
  }

  /** The number of {@code address}'s entry in the table of {@code level}. */
  public final int index(long address, int level) {
    return (int) (address >>> shift(level)) & (entries(level) - 1);
  }

  /** The entries that {@code bytes} hold; what is left of one isn't looked at. */
  public final long[] decode(ByteBuffer bytes) {
    ByteBuffer in = bytes.duplicate().order(order);
    long[] entries = new long[in.remaining() / entrySize()];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = entrySize() == Long.BYTES ? in.getLong() : Integer.toUnsignedLong(in.getInt());
    }
    return entries;
  }

  /**
   * The physical address of a table beside that of {@code level} at {@code table}, where the kernel
   * has entries that the CPU's can't hold; empty where there is none.
   */
  public OptionalLong beside(int level, long table) {
    return OptionalLong.empty();
  }

  /** What {@code entry}, the CPU's, and {@code other}, that beside it, tell: one of the two. */
  public long chosen(long entry, long other) {
    return entry;
  }

  /** The bits of {@code entry} as they are in memory. */
  public final long bits(long entry) {
    return entrySize() == Long.BYTES ? entry : entry & 0xffff_ffffL;
  }

  /** Whether {@code entry} is one of a table {@link #beside} the CPU's. */
  public boolean isBeside(long entry) {
    return false;
  }

  /** What {@code entry} of {@code level} is; never a table at level 0. */
  public abstract EntryKind kind(int level, long entry);

  /**
   * The names of the flags that are set in {@code entry} of {@code level}, the lowest bit first.
   */
  public abstract String flags(int level, long entry);

  /** The names of those bits that are set, a space between two. */
  static String flags(long entry, Flag... known) {
    StringBuilder names = new StringBuilder();
    for (Flag flag : known) {
      if ((entry >>> flag.bit() & 1) != 0) {
        names.append(names.isEmpty() ? "" : " ").append(flag.name());
      }
    }
    return names.toString();
  }

  /** A bit of an entry, by the name that the architecture's manual has. */
  record Flag(int bit, String name) {}

  /** The physical address that {@code entry} of {@code level} leads to: of a table or a page. */
  public abstract long target(int level, long entry);

  /**
   * How many bits of an address lie in the page that {@code entry} of {@code level} maps. More than
   * {@link #shift} where several entries in a row, all alike, map one page.
   */
  public int pageShift(int level, long entry) {
    return shift(level);
  }

  /** The physical address of {@code address}, whose entry of {@code level} is one of a page. */
  public final long physical(int level, long entry, long address) {
    return target(level, entry) + (address & (1L << pageShift(level, entry)) - 1);
  }

  /** The virtual addresses that the kernel's root resolves. */
  public abstract Reach kernelReach();

  /** The virtual addresses that a task's root resolves. */
  public abstract Reach taskReach();

  /**
   * The layouts that a task's tables may have, where entries tell one from the other; this alone
   * where they have the kernel's.
   */
  public List<Paging> taskLayouts() {
    return List.of(this);
  }

  /** Whether {@code address} is the kernel's, where a root resolves a task's as well. */
  public boolean isKernel(long address) {
    return address < 0;
  }
}
