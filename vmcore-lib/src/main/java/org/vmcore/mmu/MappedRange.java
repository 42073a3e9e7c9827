package org.vmcore.mmu;

import org.vmcore.arch.LinearMap;
import org.vmcore.values.Described;

/**
 * Kernel virtual addresses in a row that are mapped to physical ones in a row, and what tells so.
 *
 * @param by {@link #DIRECT_MAP}, {@link #IMAGE}, {@link #LOAD} or {@link #AREA}
 * @param virtual where it begins
 * @param physical where that is mapped; modulo 2^64
 * @param size in bytes
 */
public record MappedRange(String by, long virtual, long physical, long size) {
  /** The direct map, whose place VMCOREINFO or the architecture tells. */
  public static final String DIRECT_MAP = LinearMap.DIRECT;

  /** The kernel's image, whose place VMCOREINFO or the architecture tells. */
  public static final String IMAGE = LinearMap.IMAGE;

  /** The p_vaddr of a PT_LOAD. */
  public static final String LOAD = "PT_LOAD";

  /** The pages that the kernel has recorded for an area of vmalloc's. */
  public static final String AREA = "vmalloc area";

  static MappedRange of(LinearMap map) {
    return new MappedRange(map.name(), map.vaddr(), map.paddr(), map.size());
  }

  /** The physical address of {@code address}, a virtual one that lies in it. */
  public long physical(long address) {
    return address - virtual + physical;
  }

  LinearMap map() {
    return new LinearMap(by, virtual, physical, size);
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("MappedRange")
        .add("by", by)
        .hex("virtual", virtual)
        .hex("physical", physical)
        .hex("size", size)
        .toString();
  }
}
