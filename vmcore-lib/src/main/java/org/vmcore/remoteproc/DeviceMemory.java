package org.vmcore.remoteproc;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;

/**
 * The memory of a remote processor by its device addresses, as far as it is mapped: what {@code
 * rproc_da_to_va} finds. Several threads may ask at once.
 *
 * @see Carveouts
 */
public interface DeviceMemory {
  /** Memory of which nothing is mapped. */
  DeviceMemory NOWHERE = new Carveouts();

  /**
   * Whether the whole of {@code size} bytes at {@code deviceAddress} has one mapping. A part that
   * has one is of no use: the kernel looks for the whole, and takes all of it or nothing.
   *
   * @param deviceAddress unsigned
   * @param size in bytes, not 0
   */
  boolean isMapped(long deviceAddress, long size);

  /**
   * Copies bytes that {@link #isMapped} said yes to.
   *
   * @return the bytes copied, at least one; the rest is asked for again
   * @throws IOException when the first of them can't be had
   */
  long copy(long deviceAddress, MemorySegment dst) throws IOException;

  /** What is present of {@code memory}, whose addresses are device addresses. */
  static DeviceMemory of(Memory memory) {
    return new DeviceMemory() {
      @Override
      public boolean isMapped(long deviceAddress, long size) {
        try {
          for (long done = 0; done < size; ) {
            Extent extent = memory.extentAt(deviceAddress + done);
            if (!extent.isPresent()) {
              return false;
            }
            long left = extent.sizeFrom(deviceAddress + done);
            done = left < 0 ? size : done + Math.min(left, size - done);
          }
          return true;
        } catch (IOException e) {
          return true; // let the copy say why
        }
      }

      @Override
      public long copy(long deviceAddress, MemorySegment dst) throws IOException {
        return memory.read(deviceAddress, dst);
      }
    };
  }
}
