package org.vmcore.kernel.crash;

import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.kernel.oops.CodePlace;
import org.vmcore.values.Hex;

/**
 * A place in the kernel's code, on a stack or where it crashed.
 *
 * @param address kernel virtual; empty where only the log tells of it and no symbol has its name
 * @param place the function; empty where no symbol tells
 * @param isReliable whether it is certain
 */
public record CrashFrame(OptionalLong address, Optional<CodePlace> place, boolean isReliable) {
  @Override
  public String toString() {
    if (place.isPresent()) {
      return place.get().toString();
    }
    return address.isPresent() ? Hex.of(address.getAsLong()) : "?";
  }
}
