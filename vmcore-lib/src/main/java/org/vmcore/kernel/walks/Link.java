package org.vmcore.kernel.walks;

import java.util.OptionalLong;
import org.vmcore.values.Described;

/**
 * One of those that are linked together.
 *
 * @param address of the node in an object or, of what holds addresses, of the object itself
 * @param index its index, the first of them; of lists and rbtrees none
 * @param last the last of its indexes
 * @param marks of an xarray's entry a bit for each of its marks
 * @param value the number that an array holds in place of an address
 */
public record Link(
    long address, OptionalLong index, OptionalLong last, int marks, OptionalLong value) {
  /** A node at {@code address}. */
  public static Link ofNode(long address) {
    return new Link(address, OptionalLong.empty(), OptionalLong.empty(), 0, OptionalLong.empty());
  }

  static Link entry(long address, long index, long last, int marks) {
    return new Link(
        address, OptionalLong.of(index), OptionalLong.of(last), marks, OptionalLong.empty());
  }

  static Link value(long value, long index, long last, int marks) {
    return new Link(
        0, OptionalLong.of(index), OptionalLong.of(last), marks, OptionalLong.of(value));
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("Link")
        .hex("address", address)
        .add("index", index)
        .add("last", last)
        .add("marks", marks)
        .hex("value", value)
        .toString();
  }
}
