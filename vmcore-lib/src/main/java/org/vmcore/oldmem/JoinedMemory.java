package org.vmcore.oldmem;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.vmcore.io.FileSlice;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.OldMemory;
import org.vmcore.memory.VmcoreException;

/**
 * Two memories: one below an address, the other from there on. Reads don't pass it: there is a gap
 * between what they hold.
 */
public record JoinedMemory(OldMemory below, long from, OldMemory above) implements FileBacked {
  private OldMemory at(long address) {
    return isAbove(address) ? above : below;
  }

  private boolean isAbove(long address) {
    return Long.compareUnsigned(address, from) >= 0;
  }

  @Override
  public long read(long address, MemorySegment dst) throws VmcoreException {
    return at(address).read(address, dst);
  }

  @Override
  public Extent extentAt(long address) throws VmcoreException {
    Extent extent = at(address).extentAt(address);
    return isAbove(address) ? extent.clip(from, -from) : extent.clip(0, from);
  }

  @Override
  public Optional<Finding> lossAt(long address) throws VmcoreException {
    return at(address).lossAt(address);
  }

  @Override
  public Optional<FileSlice> backing(long address, long size) throws VmcoreException {
    return FileBacked.of(at(address), address, size);
  }
}
