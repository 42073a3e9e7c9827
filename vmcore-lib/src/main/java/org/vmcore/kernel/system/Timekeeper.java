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
    return ask(
        objects,
        clock -> {
          long shift = clock.number("tkr_mono.shift");
          long nanos = clock.number("tkr_mono.xtime_nsec") >>> (shift & 63);
          return clock.number("tkr_mono.base") + nanos + clock.number("offs_boot");
        });
  }

  /** When CLOCK_MONOTONIC was 0, in nanoseconds since 1970. */
  static OptionalLong start(KernelObjects objects) {
    return ask(objects, clock -> clock.number("offs_real"));
  }

  /** What is asked of the clock. */
  private interface Question {
    long ask(KernelObject clock) throws VmcoreException;
  }

  /** The answer; empty where it can't be had, or is negative. */
  private static OptionalLong ask(KernelObjects objects, Question question) {
    try {
      OptionalLong data = objects.symbols().addressInKernel("timekeeper_data");
      if (data.isEmpty()) {
        data = objects.symbols().addressInKernel("tk_core");
      }
      if (data.isEmpty()) {
        return data;
      }
      long answer = question.ask(objects.at(data.getAsLong() + offset(objects), "timekeeper"));
      return answer < 0 ? OptionalLong.empty() : OptionalLong.of(answer);
    } catch (VmcoreException e) {
      return OptionalLong.empty();
    }
  }

  private static long offset(KernelObjects objects) throws VmcoreException {
    return objects.has("tk_data", "timekeeper")
        ? objects.offset("tk_data", "timekeeper")
        : BEHIND_COUNTER;
  }
}
