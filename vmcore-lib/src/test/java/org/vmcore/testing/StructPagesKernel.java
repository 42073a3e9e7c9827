package org.vmcore.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A kernel with struct pages, made by hand: four sections of 1024 pages from page frame {@link
 * #FIRST} on, all in use by the kernel until told otherwise. mem_section is one of
 * SPARSEMEM_EXTREME.
 *
 * <p>Source: include/linux/page-flags.h, include/linux/mmzone.h, kernel/vmcore_info.c.
 */
public final class StructPagesKernel {
  /** The first page frame with a struct page. */
  public static final long FIRST = 0x4000;

  /** How many there are. */
  public static final int PAGES = 4096;

  /** The virtual address of the kernel's 2 MiB. */
  public static final long BASE = 0xffff_ffff_8100_0000L;

  /** Its physical address. */
  public static final long PADDR = 0x100_0000;

  /** The pointers to the pages full of struct mem_section. */
  public static final long ROOTS = BASE + 0x1000;

  /** The page that the first of them leads to. */
  public static final long SECTIONS = BASE + 0x2000;

  /** The struct pages. */
  public static final long MAP = BASE + 0x10_0000;

  private static final String TOP_BYTE =
      "NUMBER(PAGE_SLAB_MAPCOUNT_VALUE)=-184549376 NUMBER(PAGE_HUGETLB_MAPCOUNT_VALUE)=-201326592";

  private static final int SIZE = 2 << 20;
  private static final int PAGE = 64;
  private static final int FIRST_SECTION = (int) (FIRST >> 10);

  /** How a range of kernels describe pages. */
  public enum Generation {
    /** 5.4 to 6.2: a slab has a flag, the second page an order and the number of a destructor. */
    V5_4(true, "OFFSET(page.compound_dtor)=16 OFFSET(page.compound_order)=17"),
    /** 6.3 to 6.5: the same, by folio. */
    V6_3(true, "OFFSET(folio._folio_dtor)=80 OFFSET(folio._folio_order)=81"),
    /** 6.6 to 6.8: the order is the low byte of the second page's flags, hugetlb one of them. */
    V6_6(false, "NUMBER(PG_hugetlb)=8"),
    /** 6.10: types by bits that are cleared. */
    V6_10(
        false, "NUMBER(PAGE_SLAB_MAPCOUNT_VALUE)=-4097 NUMBER(PAGE_HUGETLB_MAPCOUNT_VALUE)=-2049"),
    /** 6.12: the type is the top byte. */
    V6_12(false, TOP_BYTE),
    /** 6.16: memory that a guest hasn't accepted yet has a type. */
    V6_16(false, TOP_BYTE + " NUMBER(PAGE_UNACCEPTED_MAPCOUNT_VALUE)=-150994944"),
    /** 7.1: compound_info. */
    V7_1(false, TOP_BYTE + " NUMBER(PAGE_UNACCEPTED_MAPCOUNT_VALUE)=-150994944");

    private final boolean isOrderByte;
    private final String info;

    Generation(boolean isOrderByte, String info) {
      this.isOrderByte = isOrderByte;
      this.info = info;
    }

    /** Whether the order has a byte of its own. */
    private boolean isOrderByte() {
      return isOrderByte;
    }

    private boolean isTopByte() {
      return info.contains(TOP_BYTE);
    }

    private boolean isSlabFlag() {
      return !info.contains("PAGE_SLAB_");
    }

    private int number(String name) {
      for (String line : info.split(" ", -1)) {
        if (line.startsWith("NUMBER(PAGE_" + name + "_")) {
          return Integer.parseInt(line.substring(line.indexOf('=') + 1));
        }
      }
      throw new IllegalArgumentException(this + " has no " + name);
    }
  }

  private final Generation generation;
  private final ByteBuffer memory;
  private final List<String> info = new ArrayList<>();
  private int pageSize = 4096;
  private boolean isArm;
  private long lostFrom;

  /** A kernel that describes pages as {@code generation} does. */
  public StructPagesKernel(Generation generation) {
    this.generation = generation;
    memory = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
    info(
        "OSRELEASE=test",
        "SYMBOL(mem_section)=" + Long.toHexString(ROOTS),
        "LENGTH(mem_section)=2048",
        "SIZE(mem_section)=16",
        "OFFSET(mem_section.section_mem_map)=0",
        "SIZE(page)=64",
        "OFFSET(page.flags)=0",
        "OFFSET(page.mapping)=24",
        "OFFSET(page._mapcount)=48",
        "OFFSET(page.private)=40",
        "OFFSET(page.compound_" + (generation == Generation.V7_1 ? "info" : "head") + ")=8",
        "LENGTH(zone.free_area)=11",
        "NUMBER(PG_lru)=4",
        "NUMBER(PG_private)=13",
        "NUMBER(PG_swapcache)=10",
        "NUMBER(PG_swapbacked)=19",
        "NUMBER(PG_head_mask)=65536",
        "NUMBER(PAGE_BUDDY_MAPCOUNT_VALUE)=" + buddy(),
        "NUMBER(PAGE_OFFLINE_MAPCOUNT_VALUE)=" + offline());
    if (generation.isSlabFlag()) {
      info("NUMBER(PG_slab)=9");
    }
    if (generation.isOrderByte()) {
      info("NUMBER(HUGETLB_PAGE_DTOR)=2");
    }
    info(generation.info.split(" ", -1));
    u64(ROOTS, SECTIONS);
    for (int i = 0; i < PAGES / 1024; i++) {
      u64(SECTIONS + 16L * (FIRST_SECTION + i), (MAP - FIRST * PAGE) | 3);
    }
    for (int i = 0; i < PAGES; i++) {
      memory.putInt(page(FIRST + i) + 48, -1);
    }
  }

  /** A kernel of arm64 with pages of this size. */
  public StructPagesKernel arm64(int size) {
    isArm = true;
    pageSize = size;
    return this;
  }

  private int buddy() {
    return generation.isTopByte() ? 0xf000_0000 : ~0x80;
  }

  private int offline() {
    return generation.isTopByte() ? 0xf100_0000 : ~0x100;
  }

  /** Lines of VMCOREINFO. */
  public StructPagesKernel info(String... lines) {
    info.addAll(List.of(lines));
    return this;
  }

  /** VMCOREINFO without the lines that begin so. */
  public StructPagesKernel withoutInfo(String start) {
    info.removeIf(line -> line.startsWith(start));
    return this;
  }

  /** A 64-bit number. */
  public StructPagesKernel u64(long address, long value) {
    memory.putLong(Math.toIntExact(address - BASE), value);
    return this;
  }

  private static int page(long pfn) {
    return Math.toIntExact(MAP - BASE + (pfn - FIRST) * PAGE);
  }

  /** Sets flags of a page, each by its number. */
  public StructPagesKernel flags(long pfn, int... bits) {
    long flags = memory.getLong(page(pfn));
    for (int bit : bits) {
      flags |= 1L << bit;
    }
    memory.putLong(page(pfn), flags);
    return this;
  }

  /** Any {@code _mapcount}. */
  public StructPagesKernel mapcount(long pfn, int value) {
    memory.putInt(page(pfn) + 48, value);
    return this;
  }

  /** A block of free pages. */
  public StructPagesKernel free(long pfn, long order) {
    memory.putLong(page(pfn) + 40, order);
    return mapcount(pfn, buddy());
  }

  /** A page of the page cache. */
  public StructPagesKernel cache(long pfn) {
    return flags(pfn, 4);
  }

  /** A page of a process's. */
  public StructPagesKernel anonymous(long pfn) {
    memory.putLong(page(pfn) + 24, 0xffff_8880_0000_1001L);
    return flags(pfn, 4, 19);
  }

  /** A slab, one of whose words looks like an anonymous page's mapping. */
  public StructPagesKernel slab(long pfn) {
    memory.putLong(page(pfn) + 24, 0xffff_8880_0000_1001L);
    return generation.isSlabFlag() ? flags(pfn, 9) : mapcount(pfn, generation.number("SLAB"));
  }

  /** Memory that a balloon has taken away. */
  public StructPagesKernel offline(long pfn) {
    return mapcount(pfn, offline());
  }

  /** Memory that isn't accepted. */
  public StructPagesKernel unaccepted(long pfn) {
    return mapcount(pfn, generation.number("UNACCEPTED"));
  }

  /** Makes a compound page of a page and those behind it. */
  public StructPagesKernel compound(long pfn, int order) {
    flags(pfn, 16);
    order(pfn, order);
    for (long tail = pfn + 1; tail < Math.min(pfn + (1L << order), FIRST + PAGES); tail++) {
      memory.putLong(page(tail) + 8, 0xffff_ea00_0000_0001L);
    }
    return this;
  }

  /** Sets a compound page's order alone. */
  public StructPagesKernel order(long pfn, int order) {
    memory.put(page(pfn + 1) + (generation.isOrderByte() ? 17 : 0), (byte) order);
    return this;
  }

  /** A huge page of hugetlbfs. */
  public StructPagesKernel hugetlb(long pfn, int order) {
    compound(pfn, order);
    return switch (generation) {
      case V5_4, V6_3 -> {
        memory.put(page(pfn + 1) + 16, (byte) 2);
        yield this;
      }
      case V6_6 -> flags(pfn + 1, 8);
      default -> mapcount(pfn, generation.number("HUGETLB"));
    };
  }

  /** The file ends in front of the struct page of {@code pfn}. */
  public StructPagesKernel lostFrom(long pfn) {
    lostFrom = pfn;
    return this;
  }

  /** The dump; the pages that the struct pages are of hold zeros. */
  public DumpBuilder dump() {
    List<String> lines = new ArrayList<>(info);
    lines.add("PAGESIZE=" + pageSize);
    lines.add("NUMBER(SECTION_SIZE_BITS)=" + (10 + Integer.numberOfTrailingZeros(pageSize)));
    DumpBuilder dump = DumpBuilder.elf64().vmcoreinfo(lines.toArray(String[]::new));
    if (isArm) {
      dump.machine(183).pageSize(pageSize);
    }
    dump.sparse(FIRST * pageSize, (long) PAGES * pageSize);
    dump.load(PADDR, Arrays.copyOf(memory.array(), SIZE)).vaddr(BASE);
    return lostFrom == 0 ? dump : dump.truncateAt(dump.build().length - SIZE + page(lostFrom));
  }
}
