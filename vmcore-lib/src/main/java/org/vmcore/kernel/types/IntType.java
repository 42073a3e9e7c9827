package org.vmcore.kernel.types;

import org.vmcore.values.Described;

/**
 * An integer.
 *
 * @param keyword its name: {@code unsigned int}
 * @param size in bytes
 * @param bits how many of these count
 * @param shift where they begin, in bits
 */
public record IntType(
    String keyword, long size, int bits, int shift, boolean isSigned, boolean isBool)
    implements Type {
  /** Whether it is {@code char} itself, of which text is made, no number of one byte. */
  public boolean isText() {
    return size == 1 && keyword.equals("char");
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("IntType")
        .add("keyword", keyword)
        .hex("size", size)
        .add("bits", bits)
        .add("shift", shift)
        .add("isSigned", isSigned)
        .add("isBool", isBool)
        .toString();
  }
}
