package org.vmcore.mmu;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.arch.KernelImage;
import org.vmcore.arch.Paging;
import org.vmcore.elf.Machine;
import org.vmcore.memory.Extent;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.PagingHints.Cpu;
import org.vmcore.mmu.PagingHints.Range;

/**
 * Finds the topmost table of a kernel's page tables. None is believed that doesn't map what is
 * known to be mapped to where it is known to be.
 *
 * <p>Sources: Linux' {@code VMCOREINFO_SYMBOL(swapper_pg_dir)} and {@code phys_base}
 * (arch/x86/kernel/vmcore_info_64.c), {@code kimage_voffset} (arch/arm64/kernel/vmcore_info.c).
 */
final class KernelRoot {
  /** The origin of a root that nothing told of. */
  static final String SEARCH = "search";

  /** No kernel's image is larger. */
  private static final long MOST_SEARCHED = 256L << 20;

  /** How many PT_LOADs are looked up in tables that may be the kernel's. */
  private static final int MOST_CHECKED = 16;

  /** Where a root is searched for of which only the virtual address is known. */
  private static final long MOST_OF_RAM = 1L << 30;

  private static final long PAGE = 4096;

  private final PagingHints hints;
  private final List<Paging> layouts;
  private final Map<Paging, TableCache> caches = new LinkedHashMap<>();

  private KernelRoot(PagingHints hints) {
    this.hints = hints;
    this.layouts = PagingLayouts.of(hints);
  }

  static KernelRoot of(PagingHints hints) {
    return new KernelRoot(hints);
  }

  /** The kernel's virtual memory; empty when no page tables are found. */
  Optional<AddressSpace> find() throws VmcoreException {
    Optional<AddressSpace> found = byVmcoreInfo(false);
    found = found.isPresent() ? found : byLoads();
    found = found.isPresent() ? found : byControlRegisters();
    found = found.isPresent() ? found : byItself();
    found = found.isPresent() ? found : bySearch();
    return found.isPresent() ? found : byVmcoreInfo(true);
  }

  /** Why there are no page tables, in one line. */
  String reason() throws VmcoreException {
    if (layouts.isEmpty()) {
      return "those of " + Machine.name(hints.machine()) + " can't be read";
    }
    if (hints.info().isEmpty()) {
      return "there is no VMCOREINFO";
    }
    OptionalLong symbol = rootSymbol();
    if (symbol.isEmpty()) {
      return "VMCOREINFO tells of no root";
    }
    PageState state = rootState();
    if (state == PageState.LOST || state == PageState.EXCLUDED) {
      return "the topmost one, at virtual address 0x"
          + Long.toHexString(symbol.getAsLong())
          + ", "
          + Walk.missing(state);
    }
    return "there are none where VMCOREINFO says, at virtual address 0x"
        + Long.toHexString(symbol.getAsLong());
  }

  /** The state of the topmost table's first byte, where VMCOREINFO says that it is. */
  PageState rootState() throws VmcoreException {
    OptionalLong symbol = rootSymbol();
    OptionalLong root = symbol.isEmpty() ? symbol : hints.inImage(symbol.getAsLong());
    return root.isEmpty() ? PageState.NOT_RAM : hints.physical().extentAt(root.getAsLong()).state();
  }

  private AddressSpace space(Paging layout, long root, String origin) {
    TableCache cache = caches.computeIfAbsent(layout, key -> new TableCache(hints.physical(), key));
    return new AddressSpace(cache, layout, root, layout.kernelReach(), origin);
  }

  /**
   * The root where VMCOREINFO says, which has to map itself and {@code _stext}.
   *
   * @param damaged whether it will do that the tables which map these two are missing
   */
  private Optional<AddressSpace> byVmcoreInfo(boolean damaged) throws VmcoreException {
    OptionalLong symbol = rootSymbol();
    if (symbol.isEmpty() || hints.inImage(symbol.getAsLong()).isEmpty()) {
      return Optional.empty();
    }
    List<Range> known = new ArrayList<>();
    known.add(page(symbol.getAsLong()));
    OptionalLong text = number("_stext");
    if (text.isPresent()) {
      known.add(page(text.getAsLong()));
    }
    for (Paging layout : damaged ? layouts.subList(0, 1) : layouts) {
      AddressSpace space = space(layout, known.getFirst().paddr(), "VMCOREINFO");
      if (damaged ? isDamaged(space, symbol.getAsLong()) : score(space, known) > 0) {
        return Optional.of(space);
      }
    }
    return Optional.empty();
  }

  /** A page of the kernel's image. */
  private Range page(long vaddr) {
    return new Range(vaddr, hints.inImage(vaddr).orElseThrow(), PAGE);
  }

  private static boolean isDamaged(AddressSpace space, long address) throws VmcoreException {
    Translation walk = space.translate(address);
    return !walk.steps().isEmpty()
        && walk.physical().isEmpty()
        && walk.state() != PageState.NOT_RAM;
  }

  /** The root symbol's physical address by the PT_LOADs. */
  private Optional<AddressSpace> byLoads() throws VmcoreException {
    OptionalLong symbol = rootSymbol();
    for (Range range : symbol.isEmpty() ? List.<Range>of() : hints.ranges()) {
      if (range.contains(symbol.getAsLong())) {
        long root = symbol.getAsLong() - range.vaddr() + range.paddr();
        for (Paging layout : layouts) {
          AddressSpace space = space(layout, root, "p_vaddr");
          if (score(space, checked()) > 0) {
            return Optional.of(space);
          }
        }
      }
    }
    return Optional.empty();
  }

  /**
   * The root that a CPU used. With page-table isolation CR3 may hold the user's half of a pair,
   * which maps little of the kernel: the kernel's lies before it.
   */
  private Optional<AddressSpace> byControlRegisters() throws VmcoreException {
    long address = ~PagingLayouts.smeMask(hints.info());
    Best best = new Best();
    for (Cpu cpu : hints.machine() == Machine.X86_64 ? hints.cpus() : List.<Cpu>of()) {
      for (Paging layout : layouts) {
        if (layout.levels() == (cpu.isFiveLevels() ? 5 : 4)) {
          for (long root : new long[] {cpu.cr3() & address & ~PAGE, cpu.cr3() & address}) {
            AddressSpace space = space(layout, root, "CR3");
            best.offer(space, score(space, checked()) + mapped(space, cpu.mapped()));
          }
        }
      }
    }
    return best.space;
  }

  /**
   * Where x86_64's VMCOREINFO has no phys_base, before 4.10: a page that maps its own virtual
   * address to itself. These kernels lie in the first GiB.
   */
  private Optional<AddressSpace> byItself() throws VmcoreException {
    OptionalLong symbol = rootSymbol();
    if (hints.machine() != Machine.X86_64
        || symbol.isEmpty()
        || hints.inImage(symbol.getAsLong()).isPresent()) {
      return Optional.empty();
    }
    for (long at = 0; at < MOST_OF_RAM; ) {
      Extent extent = hints.physical().extentAt(at);
      long end = extent.sizeFrom(at) < 0 ? MOST_OF_RAM : at + extent.sizeFrom(at);
      for (; extent.isPresent() && at < Math.min(end, MOST_OF_RAM); at += PAGE) {
        for (Paging layout : layouts) {
          AddressSpace space = space(layout, at, SEARCH);
          if (space.root() == at && mapsTo(space, symbol.getAsLong(), at) && mapsText(space)) {
            return Optional.of(space);
          }
        }
      }
      at = Math.max(at, end + PAGE - 1 & -PAGE);
    }
    return Optional.empty();
  }

  private static boolean mapsTo(AddressSpace space, long vaddr, long paddr) throws VmcoreException {
    OptionalLong physical = space.physical(vaddr);
    return physical.isPresent() && physical.getAsLong() == paddr;
  }

  private boolean mapsText(AddressSpace space) throws VmcoreException {
    OptionalLong text = number("_stext");
    return text.isEmpty() || space.physical(text.getAsLong()).isPresent();
  }

  /** A page of the kernel's image that maps what the PT_LOADs tell. */
  private Optional<AddressSpace> bySearch() throws VmcoreException {
    Best best = new Best();
    List<Range> checked = checked();
    long left = MOST_SEARCHED;
    for (Range range : hints.ranges()) {
      if (!isImage(range)) {
        continue;
      }
      for (long at = 0; at < Math.min(range.size(), left); at += PAGE) {
        for (Paging layout : layouts) {
          long root = range.paddr() + at;
          AddressSpace space = space(layout, root, SEARCH);
          int score = (root & (layout.pageSize() - 1)) == 0 ? score(space, checked) : 0;
          if (score > best.score && space.leadsIntoRam()) {
            best.offer(space, score);
          }
          if (best.score == checked.size()) {
            return best.space;
          }
        }
      }
      left -= Math.min(range.size(), left);
    }
    return best.space;
  }

  /** Whether a PT_LOAD tells of the kernel's image rather than of the direct map. */
  private boolean isImage(Range range) {
    if (hints.machine() == Machine.X86_64) {
      return Long.compareUnsigned(range.vaddr() - KernelImage.X86_KERNEL_MAP, KernelImage.X86_SIZE)
          < 0;
    }
    Range largest = range;
    for (Range each : hints.ranges()) {
      largest = Long.compareUnsigned(each.size(), largest.size()) > 0 ? each : largest;
    }
    return range.vaddr() - range.paddr() != largest.vaddr() - largest.paddr();
  }

  /** The PT_LOADs that a root has to bear out: the first ones and the last ones. */
  private List<Range> checked() {
    List<Range> all = hints.ranges();
    int half = MOST_CHECKED / 2;
    if (all.size() <= MOST_CHECKED) {
      return all;
    }
    List<Range> some = new ArrayList<>(all.subList(0, half));
    some.addAll(all.subList(all.size() - half, all.size()));
    return some;
  }

  /** How many ranges begin where they should less those that begin elsewhere. */
  private static int score(AddressSpace space, List<Range> known) throws VmcoreException {
    int score = 0;
    for (Range range : known) {
      OptionalLong physical = space.physical(range.vaddr());
      if (physical.isPresent()) {
        score += physical.getAsLong() == range.paddr() ? 1 : -1;
      }
    }
    return score;
  }

  /** How many addresses are mapped less those that aren't. */
  private static int mapped(AddressSpace space, List<Long> addresses) throws VmcoreException {
    int score = 0;
    for (long address : addresses) {
      score += space.physical(address).isPresent() ? 1 : -1;
    }
    return score;
  }

  /** The space with the highest score above 0; of several the first. */
  private static final class Best {
    private Optional<AddressSpace> space = Optional.empty();
    private int score;

    int offer(AddressSpace other, int itsScore) {
      if (itsScore > score) {
        space = Optional.of(other);
        score = itsScore;
      }
      return score;
    }
  }

  /** The virtual address of the topmost table. */
  private OptionalLong rootSymbol() {
    OptionalLong symbol = number("init_top_pgt");
    return symbol.isPresent() ? symbol : number("swapper_pg_dir");
  }

  private OptionalLong number(String symbol) {
    return hints.info().isEmpty() ? OptionalLong.empty() : hints.info().get().symbol(symbol);
  }
}
