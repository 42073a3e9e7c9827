package org.vmcore.mmu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.vmcore.arch.Architecture;
import org.vmcore.arch.DirectMap;
import org.vmcore.arch.LinearMap;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.PagingHints.Range;
import org.vmcore.mmu.ReverseTranslation.Place;
import org.vmcore.mmu.walk.ReverseWalk;

/** The kernel virtual addresses of a physical one, by all that a dump tells. */
final class Places {
  private static final String OTHER = "other";

  /** x86_64 moves the direct map by multiples of it, in bytes. */
  private static final long RANDOM_STEP = 1L << 30;

  private final PagingHints hints;
  private final Optional<AddressSpace> tables;
  private final Optional<LinearMemory> linear;

  /** Of each physical address the virtual ones. */
  private final Map<Long, Map<Long, Place>> found = new HashMap<>();

  Places(PagingHints hints, Optional<AddressSpace> tables, Optional<LinearMemory> linear) {
    this.hints = hints;
    this.tables = tables;
    this.linear = linear;
  }

  /**
   * Those of {@code physical}, ascending addresses: by page tables, the PT_LOADs and, without
   * tables, linear maps.
   */
  List<ReverseTranslation> of(long[] physical) throws VmcoreException {
    String reason = tables.isPresent() ? byTables(tables.get(), physical) : byLinearMaps(physical);
    for (Range range : hints.ranges()) {
      for (int i = atOrAbove(physical, range.paddr()); i < physical.length; i++) {
        long virtual = range.vaddr() + physical[i] - range.paddr();
        if (!range.contains(virtual)) {
          break;
        }
        if (!places(physical[i]).containsKey(virtual)) {
          add(physical[i], new Place(virtual, 0, map(virtual, physical[i])));
        }
      }
    }
    List<ReverseTranslation> all = new ArrayList<>();
    for (long address : physical) {
      List<Place> places = new ArrayList<>(places(address).values());
      all.add(new ReverseTranslation(address, places, reason));
    }
    return all;
  }

  private static int atOrAbove(long[] ascending, long address) {
    int at = 0;
    while (at < ascending.length && Long.compareUnsigned(ascending[at], address) < 0) {
      at++;
    }
    return at;
  }

  private Map<Long, Place> places(long physical) {
    return found.computeIfAbsent(physical, _ -> new TreeMap<>(Long::compareUnsigned));
  }

  private void add(long physical, Place place) {
    places(physical).put(place.virtual(), place);
  }

  private String byTables(AddressSpace space, long[] physical) throws VmcoreException {
    ReverseWalk walk = space.reverseWalk(physical, true);
    for (ReverseWalk.Hit hit : walk.from(space.root())) {
      long virtual = hit.virtual();
      add(hit.physical(), new Place(virtual, hit.pageSize(), map(virtual, hit.physical())));
    }
    return walk.reason();
  }

  private String byLinearMaps(long[] physical) {
    List<LinearMap> maps = linear.isEmpty() ? List.of() : linear.get().maps();
    for (LinearMap map : maps) {
      for (long address : physical) {
        long virtual = map.virtual(address);
        if (map.maps(address) && linear.get().map(virtual).orElseThrow().equals(map)) {
          add(address, new Place(virtual, 0, map.name()));
        }
      }
    }
    return "there are no page tables to look into";
  }

  /** What {@code virtual}, the address of {@code physical}, belongs to. */
  private String map(long virtual, long physical) throws VmcoreException {
    if (isImage(virtual, physical)) {
      return LinearMap.IMAGE;
    }
    return isDirect(virtual, physical) ? LinearMap.DIRECT : OTHER;
  }

  private boolean isImage(long virtual, long physical) {
    Optional<LinearMap> known = linear.flatMap(maps -> maps.map(virtual));
    if (known.isPresent()) {
      return known.get().name().equals(LinearMap.IMAGE)
          && known.get().physical(virtual) == physical;
    }
    Optional<AddressRange> space = hints.architecture().flatMap(Architecture::imageSpace);
    return space.isPresent() && space.get().contains(virtual);
  }

  private boolean isDirect(long virtual, long physical) throws VmcoreException {
    Optional<LinearMap> known = linear.flatMap(maps -> maps.map(virtual));
    if (known.isPresent()) {
      return known.get().name().equals(LinearMap.DIRECT)
          && known.get().physical(virtual) == physical;
    }
    Architecture architecture = hints.architecture().orElseThrow();
    Optional<DirectMap> map = hints.info().flatMap(architecture::directMap);
    if (map.isPresent() && map.get().vaddr(physical) == virtual) {
      return true;
    }
    return architecture.isDirectMapRandom() && isRandomDirect(virtual - physical);
  }

  /** Where nothing tells of the direct map: it is moved by whole GiB and has the root, too. */
  private boolean isRandomDirect(long shift) throws VmcoreException {
    if (shift % RANDOM_STEP != 0 || tables.isEmpty()) {
      return false;
    }
    long root = tables.get().root();
    return tables.get().physical(root + shift).orElse(-1) == root;
  }
}
