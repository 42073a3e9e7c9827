package org.vmcore.convert.filter;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.vmcore.convert.pages.PfnBitmap;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;

/**
 * Where a kernel has the struct pages of each section of memory (sparsemem): mem_section, an array
 * of struct mem_section, or, with SPARSEMEM_EXTREME, one of pointers to a page full of them.
 *
 * @param memory the kernel's virtual memory
 * @param address of mem_section
 * @param length of that array
 * @param perRoot struct mem_section in what one of its pointers leads to; 0 where it has none
 * @param entrySize of struct mem_section in bytes
 * @param mapOffset of its section_mem_map
 * @param pageBits the number of pages of a section, as a power of two
 */
record MemSections(
    Memory memory,
    ByteOrder order,
    long address,
    long length,
    long perRoot,
    long entrySize,
    long mapOffset,
    int pageBits) {
  private static final long PRESENT = 1;

  /** What else is in the low bits of section_mem_map: an address in front of it is aligned. */
  private static final long FLAGS = 0x3f;

  /** What {@link #map} gives of a section that isn't there. */
  static final long ABSENT = 0;

  /**
   * The address of page frame 0's struct page, if the section's map began there; {@link #ABSENT} of
   * a section that there isn't, and of one whose {@link #fault} there is.
   */
  long map(long section) throws VmcoreException {
    long entry = entry(section);
    long map = entry == 0 ? 0 : word(entry + mapOffset).orElse(0);
    return (map & PRESENT) == 0 ? ABSENT : map & ~FLAGS;
  }

  /** The address of what tells of a section, where that can't be read. */
  OptionalLong fault(long section) throws VmcoreException {
    long root = perRoot == 0 || section / perRoot >= length ? 0 : root(section);
    long entry = entry(section);
    if (root != 0 && word(root).isEmpty()) {
      return OptionalLong.of(root);
    }
    return entry == 0 || word(entry + mapOffset).isPresent()
        ? OptionalLong.empty()
        : OptionalLong.of(entry + mapOffset);
  }

  private long root(long section) {
    return address + section / perRoot * Long.BYTES;
  }

  private long entry(long section) throws VmcoreException {
    if (perRoot == 0) {
      return section < length ? address + section * entrySize : 0;
    }
    if (section / perRoot >= length) {
      return 0;
    }
    long entries = word(root(section)).orElse(0);
    return entries == 0 ? 0 : entries + section % perRoot * entrySize;
  }

  /** A word of 64 bits; empty when it can't be read. */
  private OptionalLong word(long at) throws VmcoreException {
    MemorySegment word = MemorySegment.ofArray(new long[1]);
    return memory.read(at, word) < Long.BYTES
        ? OptionalLong.empty()
        : OptionalLong.of(word.get(ValueLayout.JAVA_LONG.withOrder(order), 0));
  }

  /**
   * The virtual addresses of the struct pages, of {@code size} bytes, of sections with RAM, and of
   * what tells of these sections, whether it can be read or not; empty where there are none.
   */
  List<AddressRange> ranges(PfnBitmap ram, int size) throws VmcoreException {
    List<AddressRange> ranges = maps(ram, size);
    if (!ranges.isEmpty()) {
      ranges.addAll(tables(ram));
    }
    return ranges;
  }

  private List<AddressRange> maps(PfnBitmap ram, int size) throws VmcoreException {
    List<AddressRange> maps = new ArrayList<>();
    for (long pfn = ram.nextSet(0); pfn < ram.frames(); ) {
      long section = pfn >>> pageBits;
      long map = map(section);
      if (map != ABSENT) {
        long start = map + (section << pageBits) * size;
        add(maps, start, start + ((long) size << pageBits));
      }
      pfn = ram.nextSet((section + 1) << pageBits);
    }
    return maps;
  }

  private List<AddressRange> tables(PfnBitmap ram) throws VmcoreException {
    List<AddressRange> words = new ArrayList<>();
    List<AddressRange> entries = new ArrayList<>();
    long step = Math.max(1, perRoot);
    for (long pfn = ram.nextSet(0); pfn < ram.frames(); ) {
      long section = (pfn >>> pageBits) / step * step;
      if (section / step < length && perRoot != 0) {
        long word = root(section);
        add(words, word, word + Long.BYTES);
      }
      long first = entry(section);
      if (first != 0) {
        add(entries, first, first + step * entrySize);
      }
      pfn = ram.nextSet((section + step) << pageBits);
    }
    words.addAll(entries);
    return words;
  }

  private static void add(List<AddressRange> maps, long start, long end) {
    if (Long.compareUnsigned(end - 1, start) <= 0) {
      return;
    }
    AddressRange last = maps.isEmpty() ? null : maps.getLast();
    if (last != null && last.end() == start) {
      maps.set(maps.size() - 1, new AddressRange(last.start(), end));
    } else {
      maps.add(new AddressRange(start, end));
    }
  }
}
