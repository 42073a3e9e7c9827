package org.vmcore.mmu;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.vmcore.arch.paging.Paging;
import org.vmcore.arch.paging.Reach;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.PagingHints.Range;
import org.vmcore.mmu.walk.TableCache;

/**
 * What all finders of a root share: the hints, the layouts that its tables may have, the tables
 * that were read, and how well a candidate bears out what is known.
 */
final class RootCandidates {
  /** The size of a page in bytes, for architectures that have larger ones too. */
  static final long PAGE = 4096;

  /** How many PT_LOADs are looked up in tables that may be the kernel's. */
  private static final int MOST_CHECKED = 16;

  private final PagingHints hints;
  private final List<Paging> layouts;
  private final Map<Paging, TableCache> caches = new LinkedHashMap<>();

  /** The linear maps, none or one; null until they are looked for. */
  private @Nullable List<LinearMemory> linear;

  RootCandidates(PagingHints hints) {
    this.hints = hints;
    this.layouts =
        hints.architecture().isEmpty()
            ? List.of()
            : hints.architecture().get().layouts(hints.info(), hints.order());
  }

  PagingHints hints() {
    return hints;
  }

  /** The layouts, the likely one first; empty for machines whose page tables aren't known here. */
  List<Paging> layouts() {
    return layouts;
  }

  /** The virtual memory by the tables below {@code root}, a physical address. */
  AddressSpace space(Paging layout, long root, Origin origin) {
    return new AddressSpace(cache(layout), layout, root, layout.kernelReach(), origin);
  }

  /**
   * The virtual memory by tables that the caller knows: in the layout in which {@code address} is
   * mapped to memory, else in the likely one. Empty for machines whose page tables aren't known
   * here.
   */
  Optional<AddressSpace> given(long root, long address) throws VmcoreException {
    Optional<AddressSpace> likely = Optional.empty();
    for (Paging layout : layouts) {
      boolean isTask = layout.taskReach().contains(address);
      Reach reach = isTask ? layout.taskReach() : layout.kernelReach();
      AddressSpace space = new AddressSpace(cache(layout), layout, root, reach, Origin.GIVEN);
      OptionalLong physical = space.physical(address);
      if (physical.isPresent()
          && hints.physical().extentAt(physical.getAsLong()).state() != PageState.NOT_RAM) {
        return Optional.of(space);
      }
      likely = likely.isPresent() ? likely : Optional.of(space);
    }
    return likely;
  }

  private TableCache cache(Paging layout) {
    return caches.computeIfAbsent(layout, key -> new TableCache(hints.physical(), key));
  }

  /** The virtual address of the topmost table. */
  OptionalLong rootSymbol() {
    return hints.info().isEmpty() ? OptionalLong.empty() : Paging.rootSymbol(hints.info().get());
  }

  /**
   * The physical address of {@code vaddr}, which lies in the kernel's image; empty where nothing
   * tells it.
   */
  OptionalLong inImage(long vaddr) throws VmcoreException {
    List<LinearMemory> maps = linear;
    if (maps == null) {
      maps = hints.linear().stream().toList();
      linear = maps;
    }
    OptionalLong known = maps.isEmpty() ? OptionalLong.empty() : maps.getFirst().physical(vaddr);
    return known.isPresent() ? known : hints.inImage(vaddr);
  }

  /** The virtual address of VMCOREINFO's symbol. */
  OptionalLong symbol(String name) {
    return hints.info().isEmpty() ? OptionalLong.empty() : hints.info().get().symbol(name);
  }

  /** The PT_LOADs that a root has to bear out: the first ones and the last ones. */
  List<Range> checked() {
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
  static int score(AddressSpace space, List<Range> known) throws VmcoreException {
    int score = 0;
    for (Range range : known) {
      OptionalLong physical = space.physical(range.vaddr());
      if (physical.isPresent()) {
        score += physical.getAsLong() == range.paddr() ? 1 : -1;
      }
    }
    return score;
  }

  /** The candidate with the highest score above 0; of several the first. */
  static final class Best {
    private Optional<AddressSpace> space = Optional.empty();
    private int score;

    void offer(AddressSpace other, int itsScore) {
      if (itsScore > score) {
        space = Optional.of(other);
        score = itsScore;
      }
    }

    Optional<AddressSpace> space() {
      return space;
    }

    int score() {
      return score;
    }
  }
}
