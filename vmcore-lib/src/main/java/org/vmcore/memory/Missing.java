package org.vmcore.memory;

import java.util.Optional;
import org.vmcore.values.Hex;

/**
 * Bytes of a range that can't be had, by state.
 *
 * @param excluded the bytes that are {@link PageState#EXCLUDED}
 * @param lost those that are {@link PageState#LOST}
 * @param notRam those that are {@link PageState#NOT_RAM}
 * @param loss why the first lost byte is, as far as that is known
 */
public record Missing(long excluded, long lost, long notRam, Optional<Finding> loss) {
  /** Nothing is missing. */
  public static final Missing NOTHING = new Missing(0, 0, 0, Optional.empty());

  /** The bytes in {@code state}; none is present. */
  public long of(PageState state) {
    return switch (state) {
      case PRESENT -> 0;
      case EXCLUDED -> excluded;
      case LOST -> lost;
      case NOT_RAM -> notRam;
    };
  }

  /** All bytes that are missing. */
  public long total() {
    return excluded + lost + notRam;
  }

  /** These, and those of {@code extent}, which is a part of {@code memory} and isn't present. */
  public Missing plus(Memory memory, Extent extent) throws VmcoreException {
    return switch (extent.state()) {
      case PRESENT -> this;
      case EXCLUDED -> new Missing(excluded + extent.size(), lost, notRam, loss);
      case LOST ->
          new Missing(
              excluded,
              lost + extent.size(),
              notRam,
              lost == 0 ? memory.lossAt(extent.start()) : loss);
      case NOT_RAM -> new Missing(excluded, lost, notRam + extent.size(), loss);
    };
  }

  /** Sizes are hexadecimal. */
  @Override
  public String toString() {
    return "Missing[excluded="
        + Hex.of(excluded)
        + ", lost="
        + Hex.of(lost)
        + ", notRam="
        + Hex.of(notRam)
        + ", loss="
        + loss
        + "]";
  }
}
