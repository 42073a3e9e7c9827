package org.vmcore.mmu;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.PagingHints.Range;
import org.vmcore.mmu.Source.Told;

/**
 * What tells of a kernel's virtual memory beside page tables, in the order in which it is asked:
 * the direct map and the image, whose places the kernel tells in VMCOREINFO; the PT_LOADs, which
 * whoever wrote the dump's headers made; the kernel's records.
 */
final class Sources {
  private final LoadSource loads;
  private final List<Source> order;

  private Sources(LoadSource loads, List<Source> order) {
    this.loads = loads;
    this.order = order;
  }

  /** The PT_LOADs alone, by virtual address. */
  static Sources of(Memory loads) {
    LoadSource source = new LoadSource(loads, List.of());
    return new Sources(source, List.of(source));
  }

  /** The PT_LOADs, by virtual address and as {@code ranges}, and {@code linear} maps. */
  static Sources of(Memory loads, List<Range> ranges, Optional<LinearMemory> linear) {
    LoadSource source = new LoadSource(loads, ranges);
    List<Source> order = new ArrayList<>();
    linear.ifPresent(order::add);
    order.add(source);
    return new Sources(source, order);
  }

  /** The same, and then {@code places} in {@code physical} memory. */
  Sources with(Memory physical, VirtualPlaces places) {
    List<Source> all = new ArrayList<>(order);
    all.removeIf(RecordSource.class::isInstance);
    all.add(new RecordSource(physical, places));
    return new Sources(loads, all);
  }

  /** What the PT_LOADs have, by virtual address. */
  Memory loads() {
    return loads.loads();
  }

  /**
   * What the first one that has bytes at {@code address} tells of them; else what the first one
   * does that knows of the address.
   *
   * @param isUnmapped whether page tables say for certain that nothing is mapped there
   */
  Told at(long address, boolean isUnmapped) throws VmcoreException {
    Optional<Told> all = Optional.empty();
    for (Source source : order) {
      Optional<Told> told = source.at(address, isUnmapped);
      all =
          all.isPresent() && told.isPresent()
              ? all.map(its -> its.or(told.get()))
              : all.or(() -> told);
      if (all.isPresent() && all.get().isRam()) {
        break;
      }
    }
    return all.orElseThrow(); // the PT_LOADs tell of every address
  }

  /**
   * Where {@code address} is mapped, by the first one that tells.
   *
   * @param isUnmapped whether page tables say for certain that nothing is mapped there
   */
  Optional<MappedRange> range(long address, boolean isUnmapped) throws VmcoreException {
    for (Source source : order) {
      Optional<MappedRange> range = source.range(address, isUnmapped);
      if (range.isPresent()) {
        return range;
      }
    }
    return Optional.empty();
  }
}
