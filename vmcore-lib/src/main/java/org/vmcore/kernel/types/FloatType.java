package org.vmcore.kernel.types;

import org.vmcore.values.Described;

/**
 * A floating-point number.
 *
 * @param keyword its name: {@code double}
 * @param size in bytes
 */
public record FloatType(String keyword, long size) implements Type {
  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("FloatType").add("keyword", keyword).hex("size", size).toString();
  }
}
