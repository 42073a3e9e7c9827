package org.vmcore.cli.bytes;

import java.lang.foreign.MemorySegment;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;

/** Goes through a range of memory from its first byte to its last, what is missing included. */
public final class MemoryWalk {
  private final Memory memory;
  private final MemorySegment buffer;
  private final Missing missing = new Missing();

  /** Reads {@code memory} by way of {@code buffer}. */
  public MemoryWalk(Memory memory, MemorySegment buffer) {
    this.memory = memory;
    this.buffer = buffer;
  }

  /** What was missing so far. */
  public Missing missing() {
    return missing;
  }

  /** Is told of each byte of the range once, in order. */
  public interface Visitor {
    /** The first {@code size} bytes of the buffer are the next ones. */
    void bytes(int size) throws VmcoreException;

    /**
     * The next bytes can't be had.
     *
     * @return whether the walk goes on
     */
    boolean missing(Extent extent) throws VmcoreException;
  }

  /** Walks {@code size} bytes from {@code start} on, which don't reach past 2^64. */
  public void walk(long start, long size, Visitor visitor) throws VmcoreException {
    for (long done = 0; done < size; ) {
      long address = start + done;
      long wanted = Math.min(size - done, buffer.byteSize());
      long got = memory.read(address, buffer.asSlice(0, wanted));
      if (got > 0) {
        visitor.bytes((int) got);
        done += got;
        continue;
      }
      Extent extent = Extent.unread(memory, address).clip(address, size - done);
      missing.add(memory, extent);
      if (!visitor.missing(extent)) {
        return;
      }
      done += extent.size();
    }
  }

  /** Whether there is any RAM in {@code size} bytes from {@code start} on. */
  public static boolean hasRam(Memory memory, long start, long size) throws VmcoreException {
    for (long done = 0; done < size; ) {
      Extent extent = memory.extentAt(start + done).clip(start + done, size - done);
      if (extent.state() != PageState.NOT_RAM) {
        return true;
      }
      done += extent.size();
    }
    return false;
  }
}
