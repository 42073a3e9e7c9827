package org.vmcore.gdb.core;

import java.util.List;
import java.util.function.LongConsumer;
import org.vmcore.memory.AddressRange;

/**
 * What a core file holds, and how it is written.
 *
 * @param isWhole whether it has all of the direct map, which is all of physical memory
 * @param ranges kernel virtual addresses that it has beside what every core file has
 * @param force whether a file that exists is replaced
 * @param sync whether it is waited until the bytes are on the disk
 * @param progress is told how many bytes more are written
 */
public record CoreOptions(
    boolean isWhole,
    List<AddressRange> ranges,
    boolean force,
    boolean sync,
    LongConsumer progress) {
  /** What every core file has; no file is replaced, and the bytes are on the disk at the end. */
  public static final CoreOptions DEFAULT = new CoreOptions(false, List.of(), false, true, _ -> {});

  /** An unmodifiable copy of the ranges is kept. */
  public CoreOptions {
    ranges = List.copyOf(ranges);
  }
}
