package org.vmcore.mmu;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.vmcore.Vmcore;
import org.vmcore.io.Finding;
import org.vmcore.io.VmcoreException;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;

/**
 * All that a dump tells of a kernel's virtual memory: the page tables first and, where these map
 * nothing, are missing or can't be found, the PT_LOADs' p_vaddr. The kernel doesn't map pages that
 * are only in part RAM, nor what it freed of its image; the dump has their bytes all the same.
 */
public final class KernelMemory implements Memory {
  private final Memory tables;
  private final Memory loads;
  private final Optional<AddressSpace> space;
  private final String reason;

  private KernelMemory(Memory loads, Optional<AddressSpace> space, String reason) {
    this.loads = loads;
    this.space = space;
    this.reason = reason;
    this.tables = space.isPresent() ? space.get() : loads;
  }

  /** The virtual memory of {@code vmcore}'s kernel. */
  public static KernelMemory of(Vmcore vmcore) {
    try {
      return of(AddressSpace.ofKernel(vmcore), vmcore.virtual());
    } catch (VmcoreException e) {
      return new KernelMemory(vmcore.virtual(), Optional.empty(), e.reason());
    }
  }

  /** What {@code space} maps, and elsewhere {@code loads}. */
  public static KernelMemory of(AddressSpace space, Memory loads) {
    return new KernelMemory(loads, Optional.of(space), "");
  }

  /** The page tables, when they were found. */
  public Optional<AddressSpace> tables() {
    return space;
  }

  /** Why there are no page tables, in one line; empty when they were found. */
  public String reason() {
    return reason;
  }

  /**
   * Whether page tables lead to a page at {@code address}.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public boolean isMapped(long address) throws VmcoreException {
    return space.isPresent() && space.get().physical(address).isPresent();
  }

  @Override
  public long read(long address, MemorySegment dst) throws VmcoreException {
    long size = dst.byteSize();
    long done = tables.read(address, dst);
    while (done < size && (done == 0 || address + done != 0)) {
      long at = address + done;
      boolean mapped = isMapped(at);
      Memory from = mapped ? tables : loads;
      long n = Math.min(size - done, mapped ? size : left(at));
      long got = from.read(at, dst.asSlice(done, n));
      done += got;
      if (got == 0) {
        break;
      }
    }
    return done;
  }

  /** How many bytes from {@code address} on no page table maps. */
  private long left(long address) throws VmcoreException {
    long left = tables.extentAt(address).sizeFrom(address);
    return left < 0 ? Long.MAX_VALUE : left;
  }

  @Override
  public Extent extentAt(long address) throws VmcoreException {
    Extent mapped = tables.extentAt(address);
    if (isMapped(address)) {
      return mapped;
    }
    Extent load = loads.extentAt(address).clip(mapped.start(), mapped.size());
    return load.state() == PageState.NOT_RAM
        ? new Extent(load.start(), load.size(), mapped.state())
        : load;
  }

  @Override
  public Optional<Finding> lossAt(long address) throws VmcoreException {
    boolean told = isMapped(address) || loads.extentAt(address).state() == PageState.NOT_RAM;
    return (told ? tables : loads).lossAt(address);
  }
}
