package org.vmcore.mmu;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.arch.LinearMap;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Unsigned;

/**
 * A kernel's virtual memory as far as it needs no page tables: the direct map and the image, by
 * what VMCOREINFO and the architecture tell of them. Where page tables say that nothing is mapped
 * it tells where it was, but has no bytes.
 */
final class LinearMemory implements Memory, Source {
  private final Memory physical;
  private final List<LinearMap> maps;

  LinearMemory(Memory physical, List<LinearMap> maps) {
    this.physical = physical;
    this.maps = maps;
  }

  /** Where an address lies in several maps, the first of them counts. */
  List<LinearMap> maps() {
    return maps;
  }

  /** The map that has {@code address}. */
  Optional<LinearMap> map(long address) {
    for (LinearMap map : maps) {
      if (map.contains(address)) {
        return Optional.of(map);
      }
    }
    return Optional.empty();
  }

  /** The physical address; empty where no map has {@code address}. */
  OptionalLong physical(long address) {
    Optional<LinearMap> map = map(address);
    return map.isEmpty() ? OptionalLong.empty() : OptionalLong.of(map.get().physical(address));
  }

  @Override
  public Optional<Told> at(long address, boolean isUnmapped) throws VmcoreException {
    return isUnmapped
        ? Optional.empty()
        : Optional.of(new Told(this, extentAt(address), map(address).isPresent()));
  }

  @Override
  public Optional<MappedRange> range(long address, boolean isUnmapped) {
    return map(address).map(MappedRange::of);
  }

  @Override
  public long read(long address, MemorySegment dst) throws VmcoreException {
    Optional<LinearMap> map = map(address);
    if (map.isEmpty()) {
      return 0;
    }
    long left = around(address).sizeFrom(address);
    long size = left < 0 ? dst.byteSize() : Math.min(dst.byteSize(), left);
    return physical.read(map.get().physical(address), dst.asSlice(0, size));
  }

  @Override
  public Extent extentAt(long address) throws VmcoreException {
    Extent around = around(address);
    Optional<LinearMap> map = map(address);
    if (map.isEmpty()) {
      return around;
    }
    long shift = map.get().vaddr() - map.get().paddr();
    Extent extent = physical.extentAt(address - shift).clip(around.start() - shift, around.size());
    return new Extent(extent.start() + shift, extent.size(), extent.state());
  }

  /** The addresses around {@code address} that the same map has, or none. */
  private Extent around(long address) {
    long start = 0;
    long last = -1;
    for (LinearMap map : maps) {
      long mapLast = map.vaddr() + map.size() - 1;
      if (map.contains(address)) {
        start = Unsigned.max(start, map.vaddr());
        last = Unsigned.min(last, mapLast);
        break;
      }
      if (Long.compareUnsigned(mapLast, address) < 0) {
        start = Unsigned.max(start, mapLast + 1);
      } else {
        last = Unsigned.min(last, map.vaddr() - 1);
      }
    }
    return new Extent(start, last - start + 1, PageState.NOT_RAM);
  }

  @Override
  public long blank(long address, long most) throws VmcoreException {
    OptionalLong at = physical(address);
    return at.isEmpty()
        ? 0
        : physical.blank(at.getAsLong(), Unsigned.min(around(address).sizeFrom(address), most));
  }

  @Override
  public Optional<Finding> lossAt(long address) throws VmcoreException {
    OptionalLong at = physical(address);
    return at.isEmpty() ? Optional.empty() : physical.lossAt(at.getAsLong());
  }

  @Override
  public String absenceAt(long address) throws VmcoreException {
    Optional<LinearMap> map = map(address);
    if (map.isEmpty()) {
      return Memory.super.absenceAt(address);
    }
    long at = map.get().physical(address);
    return "in the " + map.get().name() + ": " + AddressSpace.absence(physical, at);
  }
}
