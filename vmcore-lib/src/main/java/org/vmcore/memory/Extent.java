package org.vmcore.memory;

import org.vmcore.values.Described;
import org.vmcore.values.Hex;
import org.vmcore.values.Unsigned;

/**
 * Bytes in a row that share one state.
 *
 * @param start the address of the first one, unsigned
 * @param size in bytes, unsigned and not 0; a whole 64-bit address space is given in two halves,
 *     2^63 each
 * @param state what they are
 */
public record Extent(long start, long size, PageState state) {
  /** What holds {@code address} of an address space in which there is no RAM at all. */
  public static Extent nowhere(long address) {
    return new Extent(address & Long.MIN_VALUE, Long.MIN_VALUE, PageState.NOT_RAM);
  }

  /**
   * What holds {@code address}, at which a read of {@code memory} came back short. Only then is it
   * certain: that a page can't be had may show only when it is read.
   *
   * @throws IllegalStateException when it is present all the same, against {@link Memory#read}
   */
  public static Extent unread(Memory memory, long address) throws VmcoreException {
    Extent extent = memory.extentAt(address);
    if (extent.isPresent()) {
      throw new IllegalStateException("present, but unreadable: " + Hex.of(address));
    }
    return extent;
  }

  /** The address behind the last byte; 0 when that is the last one there is. */
  public long end() {
    return start + size;
  }

  /** The bytes from {@code address}, which lies in this extent, to its end. */
  public long sizeFrom(long address) {
    return size - (address - start);
  }

  /** Whether {@code address} lies in this extent. */
  public boolean contains(long address) {
    return Long.compareUnsigned(address - start, size) < 0;
  }

  /** Whether the bytes can be had. */
  public boolean isPresent() {
    return state == PageState.PRESENT;
  }

  /** The part of this extent that lies in {@code [from, from + length)}; the two must meet. */
  public Extent clip(long from, long length) {
    long first = Unsigned.max(start, from);
    long left = Unsigned.min(sizeFrom(first), length - (first - from));
    return first == start && left == size ? this : new Extent(first, left, state);
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("Extent")
        .hex("start", start)
        .hex("size", size)
        .add("state", state)
        .toString();
  }
}
