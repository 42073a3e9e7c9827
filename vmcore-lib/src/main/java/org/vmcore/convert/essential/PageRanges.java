package org.vmcore.convert.essential;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.AddressSpace;
import org.vmcore.mmu.KernelMemory;
import org.vmcore.values.Unsigned;

/** Collects the page frames that virtual and physical ranges lie in. */
final class PageRanges {
  /** More is no range of a kernel's that is asked for here: 1 TiB, the struct pages of 64 TiB. */
  private static final long LARGEST = 1L << 40;

  private static final int MOST_STEPS = 1 << 23;

  private final String file;
  private final KernelMemory memory;
  private final long pageSize;
  private final List<EssentialRange> found = new ArrayList<>();
  private int steps;
  private long pages;

  PageRanges(Vmcore vmcore, Kernel kernel) throws VmcoreException {
    this.file = vmcore.name();
    this.memory = kernel.memory();
    this.pageSize = vmcore.pageSize();
  }

  long pageSize() {
    return pageSize;
  }

  List<EssentialRange> found() {
    return found;
  }

  /** How many were added; one that was added twice counts twice. */
  long pages() {
    return pages;
  }

  /** Adds the pages of {@code size} bytes from physical {@code start} on. */
  void physical(EssentialKind kind, long start, long size) {
    if (start >= 0 && size > 0 && start + size > 0) {
      add(kind, start / pageSize, (start + size - 1) / pageSize + 1);
    }
  }

  private void add(EssentialKind kind, long from, long to) {
    pages += to - from;
    EssentialRange last = found.isEmpty() ? new EssentialRange(kind, 0, 0) : found.getLast();
    if (!found.isEmpty() && last.kind() == kind && last.to() == from) {
      found.set(found.size() - 1, new EssentialRange(kind, last.from(), to));
    } else {
      found.add(new EssentialRange(kind, from, to));
    }
  }

  /**
   * Adds the pages that {@code size} bytes from virtual {@code start} on lie in, where mapped.
   *
   * @throws VmcoreException when all in all there are more than are looked at
   */
  void virtual(EssentialKind kind, long start, long size) throws VmcoreException {
    long end = start + Math.min(size, LARGEST);
    for (long at = start; Long.compareUnsigned(at, end) < 0; ) {
      if (++steps > MOST_STEPS) {
        throw VmcoreException.of(file, "they are in more pages than are looked at");
      }
      OptionalLong physical = memory.physical(at);
      long step = Unsigned.min(end - at, physical.isPresent() ? mapped(at) : hole(at));
      if (physical.isPresent()) {
        physical(kind, physical.getAsLong(), step);
      }
      at += step;
    }
  }

  /** How many bytes from {@code address} on lie in its page. */
  private long mapped(long address) throws VmcoreException {
    Optional<AddressSpace> tables = memory.tables();
    long page = tables.isEmpty() ? 0 : tables.get().translate(address).pageSize();
    return left(address, Math.max(page, pageSize));
  }

  /** How many bytes from {@code address} on aren't mapped, as far as the tables tell at once. */
  private long hole(long address) throws VmcoreException {
    Optional<AddressSpace> tables = memory.tables();
    return tables.isEmpty()
        ? left(address, pageSize)
        : tables.get().extentAt(address).sizeFrom(address);
  }

  private static long left(long address, long page) {
    return page - (address & (page - 1));
  }

  /** The kernel's page tables; whether these are all. */
  boolean tables(EssentialKind kind) throws VmcoreException {
    AddressSpace space = memory.tables().orElse(null);
    return space != null && space.eachTable(table -> physical(kind, table, 1));
  }
}
