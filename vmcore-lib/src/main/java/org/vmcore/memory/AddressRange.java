package org.vmcore.memory;

import org.vmcore.values.Hex;

/**
 * Addresses in a row, in whatever address space: {@code start} to in front of {@code end}. It holds
 * at least one. Addresses are unsigned numbers of 64 bits.
 *
 * @param start the first address
 * @param end the address behind the last one; 0 stands for 2^64
 */
public record AddressRange(long start, long end) {
  /**
   * @throws IllegalArgumentException when the range is empty, or its end is below its start
   */
  public AddressRange {
    if (Long.compareUnsigned(end - 1, start) < 0) {
      throw new IllegalArgumentException(
          "no range of addresses: " + Hex.of(start) + " to " + Hex.of(end));
    }
  }

  /**
   * {@code size} bytes from {@code start} on.
   *
   * @throws IllegalArgumentException when {@code size} is 0, or the range would pass 2^64
   */
  public static AddressRange ofSize(long start, long size) {
    if (size == 0) {
      throw new IllegalArgumentException(Hex.of(start) + ": a range of 0 bytes");
    }
    return inclusive(start, start + size - 1);
  }

  /**
   * From {@code first} to {@code last}, both included, as {@code /proc/iomem} and the kernel's
   * {@code struct range} have it.
   *
   * @throws IllegalArgumentException when {@code last} is below {@code first}
   */
  public static AddressRange inclusive(long first, long last) {
    if (Long.compareUnsigned(last, first) < 0) {
      throw new IllegalArgumentException(Hex.of(first) + "-" + Hex.of(last) + ": the end is first");
    }
    return new AddressRange(first, last + 1);
  }

  /** The last address. */
  public long last() {
    return end - 1;
  }

  /** The size in bytes; 0 stands for 2^64. */
  public long size() {
    return end - start;
  }

  /** Whether {@code address} lies in this range. */
  public boolean contains(long address) {
    return Long.compareUnsigned(start, address) <= 0 && Long.compareUnsigned(address, last()) <= 0;
  }

  /** Whether all of {@code other} lies in this range. */
  public boolean contains(AddressRange other) {
    return contains(other.start) && contains(other.last());
  }

  /** Whether some address lies in both. */
  public boolean overlaps(AddressRange other) {
    return contains(other.start) || other.contains(start);
  }

  /** The range as the kernel prints it, both ends included: {@code 0x1000-0x9fbff}. */
  @Override
  public String toString() {
    return Hex.of(start) + "-" + Hex.of(last());
  }
}
