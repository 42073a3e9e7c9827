package org.vmcore.memory;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.vmcore.io.FileSlice;
import org.vmcore.io.VmcoreException;

/** The memory of a machine that runs, read through a device: nothing of it can be shared. */
public final class LiveMemory implements OldMemory {
  private final OldMemory device;

  private LiveMemory(OldMemory device) {
    this.device = device;
  }

  /** The memory that {@code device} reads. */
  public static LiveMemory of(OldMemory device) {
    return new LiveMemory(device);
  }

  @Override
  public long read(long address, MemorySegment dst) throws VmcoreException {
    return device.read(address, dst);
  }

  @Override
  public Extent extentAt(long address) throws VmcoreException {
    return device.extentAt(address);
  }

  @Override
  public Optional<FileSlice> backing(long address, long size) {
    return Optional.empty();
  }

  @Override
  public boolean isLive() {
    return true;
  }
}
