package org.vmcore.coresight;

import java.util.Map;
import java.util.Optional;
import org.vmcore.values.Described;

/**
 * What the kernel's memory tells of a device.
 *
 * @param name {@code tmc_etf0}
 * @param kind {@code source}, {@code sink}, {@code link}, {@code link-sink}, as the kernel's
 *     enumeration names it. An ETF, a link-sink, may be used as either
 * @param pointsBack whether it points back to the node; empty where the kernel's types don't tell
 * @param present a tracer's registers as its driver would write them now, by name
 */
public record CoresightDevice(
    Optional<String> name,
    Optional<String> kind,
    Optional<Boolean> pointsBack,
    Map<String, Long> present) {
  /** An unmodifiable copy of the registers is kept. */
  public CoresightDevice {
    present = Map.copyOf(present);
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("CoresightDevice")
        .add("name", name)
        .add("kind", kind)
        .add("pointsBack", pointsBack)
        .hex("present", present)
        .toString();
  }
}
