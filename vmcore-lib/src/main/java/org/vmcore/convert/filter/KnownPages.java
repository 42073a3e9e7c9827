package org.vmcore.convert.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.convert.level.DumpLevel;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.VmcoreException;

/**
 * What is known of a kernel's struct pages, and which levels that is enough for.
 *
 * @param layout empty where too little is known to read any
 * @param sections where they are; empty as {@code layout} is
 * @param levels the sum of the levels that are possible
 * @param reason why the others aren't: {@code NUMBER(PG_lru) is missing}
 */
record KnownPages(
    Optional<PageLayout> layout, Optional<SectionTable> sections, int levels, String reason) {
  private static final int LARGEST = 1 << 10;
  private static final int WORD = 8;
  private static final int INT = 4;

  /** Larger blocks of free pages than any kernel has are no blocks. */
  private static final int MOST_ORDERS = StructPages.LARGEST_ORDER + 1;

  private static final int ZERO = 1;
  private static final int CACHE = 2 | 4;
  private static final int USER = 8;
  private static final int FREE = 16;

  /**
   * What is known of a dump's kernel: nothing on architectures whose struct pages aren't read.
   *
   * @param isWanted whether it has to be; else nothing is searched for, and only what VMCOREINFO
   *     tells of broken pages makes it known
   */
  static KnownPages of(Vmcore vmcore, Kernel kernel, boolean isWanted) throws VmcoreException {
    Optional<VmcoreInfo> noted = isWanted ? Optional.empty() : vmcore.vmcoreInfo();
    boolean isKnown = noted.isPresent() && noted.get().number("PG_hwpoison").isPresent();
    if (SectionTable.architectural(vmcore).isEmpty() || !(isWanted || isKnown)) {
      return nothing("struct pages of this architecture aren't read");
    }
    OptionalLong own = kernel.info().map(VmcoreInfo::pageSize).orElse(OptionalLong.empty());
    if (own.isPresent() && own.getAsLong() != vmcore.pageSize()) {
      return nothing(
          "struct pages are of %d KiB, the dump's pages of %d KiB"
              .formatted(own.getAsLong() >> 10, vmcore.pageSize() >> 10));
    }
    return new Search(vmcore, kernel, new FilterFacts(kernel, isWanted)).find();
  }

  /** Nothing: no struct page is looked at. */
  private static KnownPages nothing(String reason) {
    return new KnownPages(Optional.empty(), Optional.empty(), ZERO, reason);
  }

  /** Whether the kernel tells which pages are broken. */
  boolean isPoisonKnown() {
    return layout.isPresent() && layout.get().poisonMask() != 0;
  }

  /**
   * @throws VmcoreException when {@code level} is none of those that are possible
   */
  void require(String file, DumpLevel level) throws VmcoreException {
    if ((level.value() & ~levels) != 0) {
      throw lacking(file, reason, levels);
    }
  }

  /** The fault that only some levels are possible, for {@code reason}. */
  private static VmcoreException lacking(String file, String reason, int levels) {
    List<String> possible = new ArrayList<>();
    for (int level = 0; level <= DumpLevel.MOST; level++) {
      if ((level & ~levels) == 0) {
        possible.add(Integer.toString(level));
      }
    }
    return VmcoreException.of(
        file, reason + ": pages can be left out at levels " + words(possible) + " only");
  }

  private static String reason(List<String> missing) {
    return switch (missing.size()) {
      case 0 -> "";
      case 1 -> missing.getFirst() + " is missing";
      default -> words(missing) + " are missing";
    };
  }

  /** {@code 0, 1 and 16}. */
  private static String words(List<String> each) {
    int last = each.size() - 1;
    return last == 0
        ? each.getFirst()
        : String.join(", ", each.subList(0, last)) + " and " + each.get(last);
  }

  /** The finding of it, one level after the other. */
  private static final class Search {
    private final Vmcore vmcore;
    private final Kernel kernel;
    private final FilterFacts facts;
    private final List<String> missing = new ArrayList<>();
    private int levels = ZERO;

    Search(Vmcore vmcore, Kernel kernel, FilterFacts facts) {
      this.vmcore = vmcore;
      this.kernel = kernel;
      this.facts = facts;
    }

    KnownPages find() throws VmcoreException {
      int size = facts.size("page", WORD, LARGEST);
      int flags = facts.offset(size, WORD, "page", "flags");
      int mapcount = facts.offset(size, INT, "page", "_mapcount");
      int head = facts.offset(size, WORD, "page", "compound_head", "compound_info");
      SectionTable sections = SectionTable.of(vmcore, kernel, facts);
      List<String> lacking = facts.takeMissing();
      if (!lacking.isEmpty()) {
        return nothing(reason(lacking));
      }
      int priv = facts.offset(size, WORD, "page", "private");
      long orders = Math.min(MOST_ORDERS, facts.length("zone.free_area"));
      OptionalInt buddy = facts.requiredType("BUDDY");
      enough(FREE);
      int mapping = facts.offset(size, WORD, "page", "mapping");
      OptionalInt slab = facts.slabType();
      long slabMask = slab.isPresent() ? facts.knownFlag("PG_slab") : facts.flag("PG_slab");
      long headMask = headMask();
      boolean isUserKnown = enough(USER);
      long lru = facts.flag("PG_lru");
      long priv1 = facts.flag("PG_private");
      long swap = facts.flag("PG_swapcache") | facts.flag("PG_swapbacked");
      if (isUserKnown) {
        enough(CACHE);
      }
      PageLayout layout =
          new PageLayout(
              size,
              flags,
              mapping,
              mapcount,
              priv,
              head,
              lru,
              priv1,
              swap,
              slabMask,
              facts.knownFlag("PG_hwpoison"),
              headMask,
              types(buddy, slab),
              compound(size),
              orders);
      return new KnownPages(Optional.of(layout), Optional.of(sections), levels, reason(missing));
    }

    /** Makes {@code those} levels possible, unless something was missing since the last ones. */
    private boolean enough(int those) {
      List<String> lacking = facts.takeMissing();
      missing.addAll(lacking);
      levels |= lacking.isEmpty() ? those : 0;
      return lacking.isEmpty();
    }

    private long headMask() throws VmcoreException {
      OptionalLong mask = facts.knownNumber("PG_head_mask");
      return mask.isPresent() ? mask.getAsLong() : facts.flag("PG_head");
    }

    private PageLayout.Types types(OptionalInt buddy, OptionalInt slab) {
      return new PageLayout.Types(
          buddy,
          slab,
          facts.knownType("OFFLINE"),
          facts.knownType("HUGETLB"),
          facts.knownType("UNACCEPTED"));
    }

    /** FORMATS.md, 120. */
    private PageLayout.Compound compound(int size) {
      OptionalLong order = inSecond("compound_order", "_folio_order", size);
      OptionalLong dtor = inSecond("compound_dtor", "_folio_dtor", size);
      int lowByte = 0;
      return new PageLayout.Compound(
          (int) order.orElse(lowByte),
          (int) dtor.orElse(-1),
          facts.knownNumber("HUGETLB_PAGE_DTOR"),
          facts.knownFlag("PG_hugetlb"));
    }

    /** The place of a byte in the second struct page, which a folio begins with the first of. */
    private OptionalLong inSecond(String ofPage, String ofFolio, int size) {
      OptionalLong known = facts.knownOffset("page." + ofPage);
      OptionalLong folio = facts.knownOffset("folio." + ofFolio);
      if (known.isEmpty() && folio.isPresent()) {
        long place = folio.getAsLong();
        known = OptionalLong.of(place >= size ? place - size : place);
      }
      boolean isGood = known.isPresent() && known.getAsLong() >= 0 && known.getAsLong() < size;
      return isGood ? known : OptionalLong.empty();
    }
  }
}
