package org.vmcore.remoteproc.kernel;

import java.util.List;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Memory;
import org.vmcore.values.Described;

/**
 * The bytes of a coredump: those of {@code memory} from {@code start} on.
 *
 * @param size in bytes
 * @param gaps which of them can't be had of any dump, and why: they are lost in {@code memory}
 */
public record CoredumpImage(Memory memory, long start, long size, List<Finding> gaps) {
  /** An unmodifiable copy of the gaps is kept. */
  public CoredumpImage {
    gaps = List.copyOf(gaps);
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("CoredumpImage")
        .add("memory", memory)
        .hex("start", start)
        .hex("size", size)
        .add("gaps", gaps)
        .toString();
  }
}
