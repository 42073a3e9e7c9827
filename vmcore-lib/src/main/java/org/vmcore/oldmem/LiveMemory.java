package org.vmcore.oldmem;

import java.lang.foreign.MemorySegment;
import org.vmcore.memory.Extent;
import org.vmcore.memory.OldMemory;
import org.vmcore.memory.VmcoreException;

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
  public boolean isLive() {
    return true;
  }
}
