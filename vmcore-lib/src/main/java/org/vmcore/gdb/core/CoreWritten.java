package org.vmcore.gdb.core;

import java.util.List;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Missing;
import org.vmcore.values.Described;

/**
 * What came of a core file.
 *
 * @param threads how many threads it has
 * @param unknown how many of them have no registers, for these can't be had
 * @param loads how many PT_LOADs it has
 * @param memory the bytes of memory that it has
 * @param size its size in bytes
 * @param missing the bytes that it should have and the dump has not; none of them are in the file
 * @param findings what of the kernel couldn't be had
 */
public record CoreWritten(
    int threads,
    int unknown,
    int loads,
    long memory,
    long size,
    Missing missing,
    List<Finding> findings) {
  /** An unmodifiable copy of the findings is kept. */
  public CoreWritten {
    findings = List.copyOf(findings);
  }

  /** Sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("CoreWritten")
        .add("threads", threads)
        .add("unknown", unknown)
        .add("loads", loads)
        .hex("memory", memory)
        .hex("size", size)
        .add("missing", missing)
        .add("findings", findings)
        .toString();
  }
}
