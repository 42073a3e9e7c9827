package org.vmcore.mmu;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.vmcore.arch.LinearMap;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.Source.Told;
import org.vmcore.mmu.walk.Lookup;
import org.vmcore.values.Unsigned;

/**
 * What is known of a kernel virtual address: by the page tables or, where these lead to no page, by
 * what else tells of it.
 */
final class KernelLookup {
  private final long address;
  private final KernelTables tables;

  /** The walk through the page tables, where there are any. */
  private final Optional<Lookup> walk;

  /** What else tells of it; empty where page tables lead to a page. */
  private final Optional<Told> told;

  private KernelLookup(
      long address, KernelTables tables, Optional<Lookup> walk, Optional<Told> told) {
    this.address = address;
    this.tables = tables;
    this.walk = walk;
    this.told = told;
  }

  static KernelLookup of(long address, KernelTables tables, Sources sources)
      throws VmcoreException {
    Optional<Lookup> walk = tables.at(address);
    boolean isMapped = walk.isPresent() && walk.get().isMapped();
    Optional<Told> told =
        isMapped ? Optional.empty() : Optional.of(sources.at(address, tables.isUnmapped(walk)));
    return new KernelLookup(address, tables, walk, told);
  }

  /** Whether page tables lead to a page. */
  boolean isMapped() {
    return told.isEmpty();
  }

  /** Whether others than page tables know of the address. */
  private boolean isTold() {
    return told.isPresent() && told.get().isKnown();
  }

  /** The map by whose place the address is known, where it isn't known by tables or PT_LOADs. */
  Optional<LinearMap> map() {
    return isTold() && told.get().memory() instanceof LinearMemory maps
        ? maps.map(address)
        : Optional.empty();
  }

  /** How many of {@code size} bytes can be read at once. */
  long inARow(long size) throws VmcoreException {
    if (isMapped()) {
      return walk.orElseThrow().inARow(size);
    }
    return isTold() ? Unsigned.min(extent().sizeFrom(address), size) : size;
  }

  /** Reads bytes in a row; how many there are. */
  long read(MemorySegment dst) throws VmcoreException {
    if (isMapped()) {
      return walk.orElseThrow().read(dst);
    }
    return isTold() ? told.get().memory().read(address, dst) : 0;
  }

  /** The bytes around the address that share its state. */
  Extent extent() throws VmcoreException {
    if (told.isEmpty()) {
      return walk.orElseThrow().extent();
    }
    Extent extent = told.get().extent();
    if (walk.isEmpty()) {
      return isTold() ? extent : with(extent, tables.unmapped());
    }
    Extent ofWalk = walk.get().extent();
    Extent shared = extent.clip(ofWalk.start(), ofWalk.size());
    return isTold() ? shared : with(shared, ofWalk.state());
  }

  private static Extent with(Extent extent, PageState state) {
    return new Extent(extent.start(), extent.size(), state);
  }

  /** How many bytes from the address on, at most {@code most}, hold nothing. */
  long blank(long most) throws VmcoreException {
    if (told.isEmpty()) {
      return walk.orElseThrow().blank(most);
    }
    Extent extent = extent();
    long wanted = Unsigned.min(extent.sizeFrom(address), most);
    return switch (extent.state()) {
      case LOST -> 0;
      case EXCLUDED, NOT_RAM -> wanted;
      case PRESENT -> told.get().memory().blank(address, wanted);
    };
  }

  /** Why the byte is lost, when it is. */
  Optional<Finding> loss() throws VmcoreException {
    if (walk.isPresent() && !isTold()) {
      return walk.get().loss();
    }
    return told.orElseThrow().memory().lossAt(address);
  }

  /** Why there is nothing, in one line. */
  String absence() throws VmcoreException {
    if (map().isPresent()) {
      return told.orElseThrow().memory().absenceAt(address);
    }
    return tables.space().isPresent()
        ? tables.space().get().absenceAt(address)
        : "no page tables: " + tables.reason() + "; and no PT_LOAD tells of it";
  }
}
