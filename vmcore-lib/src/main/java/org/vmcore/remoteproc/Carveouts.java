package org.vmcore.remoteproc;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.vmcore.values.Bytes;

/**
 * Regions of a remote processor's memory that are mapped: {@code struct rproc_mem_entry}. The first
 * one that holds all that is asked for is taken. Two that touch don't make one mapping, as in the
 * kernel.
 */
public final class Carveouts implements DeviceMemory {
  private final List<Carveout> carveouts = new CopyOnWriteArrayList<>();

  private record Carveout(long deviceAddress, MemorySegment bytes) {
    boolean holds(long address, long size) {
      long offset = address - deviceAddress;
      return offset >= 0 && offset <= bytes.byteSize() && size <= bytes.byteSize() - offset;
    }
  }

  /** No carveouts yet. */
  public Carveouts() {}

  /**
   * Adds one: {@code bytes} are what is at {@code deviceAddress}, unsigned, now and when it is
   * read.
   */
  public Carveouts add(long deviceAddress, MemorySegment bytes) {
    carveouts.add(new Carveout(deviceAddress, bytes));
    return this;
  }

  @Override
  public boolean isMapped(long deviceAddress, long size) {
    return carveouts.stream().anyMatch(carveout -> carveout.holds(deviceAddress, size));
  }

  @Override
  public long copy(long deviceAddress, MemorySegment dst) {
    for (Carveout carveout : carveouts) {
      if (carveout.holds(deviceAddress, dst.byteSize())) {
        long offset = deviceAddress - carveout.deviceAddress();
        Bytes.copy(carveout.bytes(), offset, dst, 0, dst.byteSize());
        return dst.byteSize();
      }
    }
    return 0;
  }
}
