package org.vmcore.arch;

import java.nio.ByteOrder;
import java.util.List;
import java.util.OptionalLong;
import org.vmcore.elf.VmcoreInfo;

/**
 * How an architecture's page tables are laid out: a tree of tables whose entries are 64 bits.
 * Levels are counted from the last one, 0, upwards.
 */
public abstract class Paging {
  /** Linux' names of the levels below the root, from the last one upwards. */
  private static final String[] NAMES = {"PTE", "PMD", "PUD", "P4D"};

  /** VMCOREINFO's names of the topmost table; before 4.13 x86_64 called it init_level4_pgt. */
  private static final List<String> ROOTS =
      List.of("init_top_pgt", "swapper_pg_dir", "init_level4_pgt");

  private static final int ENTRY_SHIFT = 3;

  /** Physical addresses have 52 bits at the most. */
  private static final long PHYSICAL = (1L << 52) - 1;

  private final int pageShift;
  private final int levels;
  private final int rootEntries;
  private final ByteOrder order;

  /**
   * @param pageShift the page size is 2 to the power of it
   * @param addressBits how many bits of an address the tables resolve
   */
  Paging(int pageShift, int levels, int addressBits, ByteOrder order) {
    this.pageShift = pageShift;
    this.levels = levels;
    this.order = order;
    this.rootEntries = 1 << (addressBits - shift(levels - 1));
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
  public long pageSize() {
    return 1L << pageShift;
  }

  /** How many tables a walk to the smallest page passes. */
  public int levels() {
    return levels;
  }

  /** The root's physical address in a register that holds it, flags and all. */
  public final long root(long register) {
    return register & PHYSICAL & -((long) rootEntries << ENTRY_SHIFT);
  }

  /** The name of {@code level} in Linux' words. */
  public String name(int level) {
    return level == levels - 1 ? "PGD" : NAMES[level];
  }

  /** How many bits of an address lie below those that {@code level} resolves. */
  public final int shift(int level) {
    return pageShift + level * (pageShift - ENTRY_SHIFT);
  }

  /** How many entries a table of {@code level} has. */
  public final int entries(int level) {
    return level == levels - 1 ? rootEntries : 1 << (pageShift - ENTRY_SHIFT);
  }

  /** The number of {@code address}'s entry in the table of {@code level}. */
  public final int index(long address, int level) {
    return (int) (address >>> shift(level)) & (entries(level) - 1);
  }

  public final ByteOrder order() {
    return order;
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

  /** The virtual addresses that the kernel's root resolves. */
  public abstract Reach kernelReach();

  /** The virtual addresses that a task's root resolves. */
  public abstract Reach taskReach();
}
