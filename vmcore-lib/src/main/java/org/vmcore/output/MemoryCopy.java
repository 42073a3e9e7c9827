package org.vmcore.output;

import java.util.function.LongConsumer;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.Missing;
import org.vmcore.memory.VmcoreException;

/**
 * Copies memory into files; what is missing of it becomes zeros, holes where there can be some.
 * Holes of the dump's file stay holes; where there are many they are not read.
 */
public final class MemoryCopy {
  /**
   * Zeros that are read before holes are asked for: to ask the first time takes as long as to read
   * a few hundred MiB, in vain if there are none.
   */
  private static final long ZEROS = 1L << 26;

  private final LongConsumer progress;
  private Missing missing = Missing.NOTHING;

  /** Tells {@code progress} how many bytes more are done, those that are missing included. */
  public MemoryCopy(LongConsumer progress) {
    this.progress = progress;
  }

  /** What was missing so far. */
  public Missing missing() {
    return missing;
  }

  /** Appends {@code size} bytes of {@code memory} from {@code start} on, not past 2^64. */
  public void append(OutputFile file, Memory memory, long start, long size) throws VmcoreException {
    for (long done = 0; done < size; ) {
      // A read would show as zeros what isn't RAM: the extents tell it apart, in any memory.
      Extent extent = memory.extentAt(start + done).clip(start + done, size - done);
      done += extent.isPresent() ? append(file, memory, extent) : skip(file, memory, extent);
    }
  }

  /** Appends what can be read; fewer bytes when the next one turns out to be missing. */
  private long append(OutputFile file, Memory memory, Extent present) throws VmcoreException {
    for (long done = 0; done < present.size(); ) {
      long at = present.start() + done;
      long left = present.size() - done;
      long hole = file.zeros() < ZEROS ? 0 : memory.blank(at, left);
      file.skip(hole);
      long got = hole > 0 ? hole : file.append(left, dst -> memory.read(at, dst));
      if (got == 0) {
        Extent.unread(memory, at);
        return done;
      }
      done += got;
      progress.accept(got);
    }
    return present.size();
  }

  private long skip(OutputFile file, Memory memory, Extent extent) throws VmcoreException {
    file.skip(extent.size());
    missing = missing.plus(memory, extent);
    progress.accept(extent.size());
    return extent.size();
  }
}
