package org.vmcore.prepare;

import java.util.ArrayList;
import java.util.List;
import org.vmcore.memory.AddressRange;

/**
 * The RAM that crash headers describe: the kernel's {@code struct crash_mem}.
 *
 * @param ranges in ascending order; no two overlap
 */
public record CrashMemory(List<AddressRange> ranges) {
  /**
   * What newer x86 kernels leave out: the crash kernel uses it itself. Source:
   * elf_header_exclude_ranges of arch/x86/kernel/crash.c.
   */
  public static final AddressRange FIRST_MIB = AddressRange.inclusive(0, 0xfffff);

  /** Refuses ranges that aren't in order or overlap. */
  public CrashMemory {
    ranges = List.copyOf(ranges);
    for (int i = 1; i < ranges.size(); i++) {
      if (Long.compareUnsigned(ranges.get(i).start(), ranges.get(i - 1).last()) <= 0) {
        throw new IllegalArgumentException(
            ranges.get(i) + " is not above " + ranges.get(i - 1) + ", the range before it");
      }
    }
  }

  /** System RAM without the crash kernel's regions. */
  public static CrashMemory of(Iomem iomem) {
    CrashMemory memory = new CrashMemory(iomem.systemRam());
    for (AddressRange region : iomem.crashKernel()) {
      memory = memory.exclude(region);
    }
    return memory;
  }

  /**
   * This memory without {@code hole}: a range inside of it goes, one that it touches at an end is
   * trimmed, one that it lies in is split.
   *
   * <p>Source: crash_exclude_mem_range of kernel/crash_core.c as it is since 2024. Before, it ended
   * at the first range that it trimmed, which differs only where the hole reaches over more than
   * one range: a crash kernel's region never does.
   */
  public CrashMemory exclude(AddressRange hole) {
    List<AddressRange> left = new ArrayList<>(ranges.size() + 1);
    for (AddressRange range : ranges) {
      if (!range.overlaps(hole)) {
        left.add(range);
        continue;
      }
      if (Long.compareUnsigned(range.start(), hole.start()) < 0) {
        left.add(AddressRange.inclusive(range.start(), hole.start() - 1));
      }
      if (Long.compareUnsigned(range.last(), hole.last()) > 0) {
        left.add(AddressRange.inclusive(hole.last() + 1, range.last()));
      }
    }
    return new CrashMemory(left);
  }

  /**
   * This memory with {@code part} a range of its own, where a range reaches beyond it: neighbours
   * aren't one range then.
   */
  public CrashMemory split(AddressRange part) {
    List<AddressRange> all = new ArrayList<>(ranges.size() + 2);
    for (AddressRange range : ranges) {
      List<AddressRange> rest = new CrashMemory(List.of(range)).exclude(part).ranges();
      boolean isCut = range.contains(part) && !range.equals(part);
      all.addAll(isCut ? rest : List.of(range));
      if (isCut) {
        all.add(part);
      }
    }
    return inOrder(all);
  }

  /**
   * This memory and {@code added}: ranges that it overlaps become one with it, others stay, and
   * neighbours aren't one range. Source: add_mem_range of arch/powerpc/kexec/ranges.c.
   */
  public CrashMemory include(AddressRange added) {
    List<AddressRange> all = new ArrayList<>(ranges.size() + 1);
    long first = added.start();
    long last = added.last();
    for (AddressRange range : ranges) {
      if (range.overlaps(added)) {
        first = Long.compareUnsigned(range.start(), first) < 0 ? range.start() : first;
        last = Long.compareUnsigned(range.last(), last) > 0 ? range.last() : last;
      } else {
        all.add(range);
      }
    }
    all.add(AddressRange.inclusive(first, last));
    return inOrder(all);
  }

  private static CrashMemory inOrder(List<AddressRange> all) {
    all.sort((a, b) -> Long.compareUnsigned(a.start(), b.start()));
    return new CrashMemory(all);
  }
}
