package org.vmcore.convert;

import java.util.List;
import org.vmcore.convert.level.PageTally;
import org.vmcore.memory.Finding;
import org.vmcore.values.Described;

/**
 * What came of a conversion.
 *
 * @param pageSize in bytes
 * @param written the pages that are in the output
 * @param leftOut the pages that were left out now, by kind
 * @param excludedBefore the pages that the source had excluded
 * @param lost the pages that the source has lost, and so has the output
 * @param bytes the sizes of the files written, in bytes
 * @param findings what has to be said of it: pages kept for a reason, losses
 */
public record Converted(
    long pageSize,
    long written,
    PageTally leftOut,
    long excludedBefore,
    long lost,
    List<Long> bytes,
    List<Finding> findings) {
  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("Converted")
        .hex("pageSize", pageSize)
        .add("written", written)
        .add("leftOut", leftOut)
        .add("excludedBefore", excludedBefore)
        .add("lost", lost)
        .add("bytes", bytes)
        .add("findings", findings)
        .toString();
  }
}
