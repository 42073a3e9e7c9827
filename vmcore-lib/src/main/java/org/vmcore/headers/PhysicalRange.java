package org.vmcore.headers;

/**
 * Physical addresses in a row, both ends included, as {@code /proc/iomem} and the kernel's {@code
 * struct range} have them. Addresses are unsigned 64-bit numbers.
 *
 * @param start the first address
 * @param last the last address, not below {@code start}
 */
public record PhysicalRange(long start, long last) {
  /** Refuses a range whose last address is below its first. */
  public PhysicalRange {
    if (Long.compareUnsigned(last, start) < 0) {
      throw new IllegalArgumentException(hex(start) + "-" + hex(last) + ": the end is first");
    }
  }

  /** {@code size} bytes from {@code start} on; at least 1, and not past 2^64. */
  public static PhysicalRange ofSize(long start, long size) {
    if (size == 0) {
      throw new IllegalArgumentException(hex(start) + ": a range of 0 bytes");
    }
    return new PhysicalRange(start, start + size - 1);
  }

  /** The size in bytes; 0 stands for 2^64. */
  public long size() {
    return last - start + 1;
  }

  /** Whether {@code address} lies in this range. */
  public boolean contains(long address) {
    return Long.compareUnsigned(start, address) <= 0 && Long.compareUnsigned(address, last) <= 0;
  }

  /** Whether all of {@code other} lies in this range. */
  public boolean contains(PhysicalRange other) {
    return contains(other.start) && contains(other.last);
  }

  /** Whether some address lies in both. */
  public boolean overlaps(PhysicalRange other) {
    return contains(other.start) || other.contains(start);
  }

  /** The range as {@code 0x1000-0x9fbff}. */
  @Override
  public String toString() {
    return hex(start) + "-" + hex(last);
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }
}
