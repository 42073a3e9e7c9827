package org.vmcore.convert.filter;

import java.nio.ByteOrder;
import java.util.List;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.arch.Architecture;
import org.vmcore.arch.Architectures;
import org.vmcore.arch.Machine;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;

/**
 * What VMCOREINFO tells of {@link MemSections}.
 *
 * @param memory the kernel's virtual memory
 * @param order of its words
 * @param pageSize in bytes
 * @param address of mem_section, or what that pointer holds
 * @param length of the array
 * @param entrySize of struct mem_section in bytes
 * @param mapOffset of its section_mem_map
 * @param physicalBits MAX_PHYSMEM_BITS; 0 when it isn't known
 * @param sectionBits which sizes a section may have, as powers of two
 */
record SectionTable(
    Memory memory,
    ByteOrder order,
    long pageSize,
    long address,
    long length,
    int entrySize,
    int mapOffset,
    int physicalBits,
    List<Integer> sectionBits) {
  private static final int LARGEST = 1 << 10;
  private static final int FEWEST_BITS = 20;
  private static final int MOST_BITS = 40;
  private static final long MOST_ENTRIES = 1L << 32;

  /** What {@code facts} tell; what they lack is noted there. */
  static SectionTable of(Vmcore vmcore, Kernel kernel, FilterFacts facts) throws VmcoreException {
    long address = facts.symbol("mem_section");
    long length = Math.clamp(facts.length("mem_section"), 0, MOST_ENTRIES);
    int size = facts.size("mem_section", Long.BYTES, LARGEST);
    int map = facts.offset(size, Long.BYTES, "mem_section", "section_mem_map");
    return new SectionTable(
        kernel.memory(),
        kernel.order(),
        vmcore.pageSize(),
        address,
        length,
        size,
        map,
        Math.clamp(facts.knownNumber("MAX_PHYSMEM_BITS").orElse(0), 0, Long.SIZE - 1),
        sectionBits(facts.knownNumber("SECTION_SIZE_BITS"), architectural(vmcore)));
  }

  /** Kernels that don't tell have one of their architecture's sizes. */
  private static List<Integer> sectionBits(OptionalLong known, List<Integer> architectural) {
    return known.isPresent()
        ? List.of(Math.clamp(known.getAsLong(), FEWEST_BITS, MOST_BITS))
        : architectural;
  }

  /** Which sizes sections have on the dump's architecture; none where that isn't known. */
  static List<Integer> architectural(Vmcore vmcore) {
    return Machine.named(vmcore.architecture())
        .flatMap(Architectures::of)
        .map(Architecture::sectionBits)
        .orElse(List.of());
  }

  /** The sections, of the first size by which there is one that has page frame {@code ram}. */
  MemSections covering(long ram) throws VmcoreException {
    for (int bits : sectionBits) {
      MemSections sections = sections(bits);
      if (sections.map(ram >>> sections.pageBits()) != MemSections.ABSENT) {
        return sections;
      }
    }
    return sections(sectionBits.getFirst());
  }

  private MemSections sections(int bits) {
    boolean isStatic = physicalBits > bits && length == 1L << (physicalBits - bits);
    return new MemSections(
        memory,
        order,
        address,
        length,
        isStatic ? 0 : Math.max(1, pageSize / entrySize),
        entrySize,
        mapOffset,
        bits - Long.numberOfTrailingZeros(pageSize));
  }
}
