package org.vmcore.convert.essential;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.AddressSpace;
import org.vmcore.mmu.KernelMemory;
import org.vmcore.mmu.Translation;

/** Collects the page frames that virtual and physical ranges lie in. */
final class PageRanges {
  /** More is no range of a kernel's that is asked for here: 1 TiB, the struct pages of 64 TiB. */
  private static final long LARGEST = 1L << 40;

  private final KernelMemory memory;
  private final long pageSize;
  private final List<EssentialRange> found = new ArrayList<>();

  PageRanges(Kernel kernel, long pageSize) throws VmcoreException {
    this.memory = kernel.memory();
    this.pageSize = pageSize;
  }

  long pageSize() {
    return pageSize;
  }

  List<EssentialRange> found() {
    return found;
  }

  /** Adds the pages of {@code size} bytes from physical {@code start} on. */
  void physical(EssentialKind kind, long start, long size) {
    if (start >= 0 && size > 0 && start + size > 0) {
      add(kind, start / pageSize, (start + size - 1) / pageSize + 1);
    }
  }

  private void add(EssentialKind kind, long from, long to) {
    EssentialRange last = found.isEmpty() ? new EssentialRange(kind, 0, 0) : found.getLast();
    if (!found.isEmpty() && last.kind() == kind && last.to() == from) {
      found.set(found.size() - 1, new EssentialRange(kind, last.from(), to));
    } else {
      found.add(new EssentialRange(kind, from, to));
    }
  }

  /** Adds the pages that {@code size} bytes from virtual {@code start} on lie in, where mapped. */
  void virtual(EssentialKind kind, long start, long size) throws VmcoreException {
    long end = start + Math.min(size, LARGEST);
    for (long at = start; Long.compareUnsigned(at, end) < 0; ) {
      long step = Math.min(end - at, step(at));
      OptionalLong physical = memory.physical(at);
      if (physical.isPresent()) {
        physical(kind, physical.getAsLong(), step);
      }
      at += step;
    }
  }

  /** How many bytes from {@code address} on lie in one page, or in a hole as large. */
  private long step(long address) throws VmcoreException {
    Translation found = memory.tables().isEmpty() ? null : memory.tables().get().translate(address);
    long page = found == null ? pageSize : Math.max(pageSize, found.pageSize());
    return page - (address & (page - 1));
  }

  /** The kernel's page tables; whether these are all. */
  boolean tables(EssentialKind kind) throws VmcoreException {
    AddressSpace space = memory.tables().orElse(null);
    return space != null && space.eachTable(table -> physical(kind, table, 1));
  }
}
