package org.vmcore.kernel.types;

import org.vmcore.values.Described;

/**
 * A place in a structure.
 *
 * @param bitOffset where it begins, in bits from the start of the structure
 * @param bitfieldSize of a bit-field its size in bits; else 0
 */
public record Field(long bitOffset, int bitfieldSize, Type type) {
  /** Where it begins, in bytes; of a bit-field the byte of its first bit. */
  public long offset() {
    return bitOffset >> 3;
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("Field")
        .hex("bitOffset", bitOffset)
        .add("bitfieldSize", bitfieldSize)
        .add("type", type)
        .toString();
  }
}
