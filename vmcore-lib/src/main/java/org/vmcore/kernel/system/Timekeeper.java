package org.vmcore.kernel.system;

import java.util.OptionalLong;
import org.vmcore.kernel.objects.KernelObject;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.memory.VmcoreException;

/**
 * The kernel's clock: struct timekeeper of include/linux/timekeeper_internal.h.
 *
 * <p>It stands in {@code timekeeper_data} or, before, in {@code tk_core}, in both of them behind a
 * sequence counter.
 */
final class Timekeeper {
  private static final int BEHIND_COUNTER = 8;

  private Timekeeper() {}

  /** The time since the boot in nanoseconds, suspended time included. */
  static OptionalLong uptime(KernelObjects objects) {
    try {
      OptionalLong start = objects.symbols().addressInKernel("timekeeper_data");
      if (start.isEmpty()) {
        start = objects.symbols().addressInKernel("tk_core");
      }
      return start.isEmpty() ? start : uptime(objects, start.getAsLong());
    } catch (VmcoreException e) {
      return OptionalLong.empty();
    }
  }

  private static OptionalLong uptime(KernelObjects objects, long start) throws VmcoreException {
    long offset =
        objects.has("tk_data", "timekeeper")
            ? objects.offset("tk_data", "timekeeper")
            : BEHIND_COUNTER;
    KernelObject clock = objects.at(start + offset, "timekeeper");
    long shift = clock.number("tkr_mono.shift");
    long nanos = clock.number("tkr_mono.xtime_nsec") >>> (shift & 63);
    long uptime = clock.number("tkr_mono.base") + nanos + clock.number("offs_boot");
    return uptime < 0 ? OptionalLong.empty() : OptionalLong.of(uptime);
  }
}
