package org.vmcore.kernel.objects;

/**
 * What an {@link ObjectWalk} tells. A name is a member's, {@code .comm}, or the index of an
 * element, {@code [3]}; that of the object itself is empty.
 */
public interface ObjectVisitor {
  /**
   * A structure, union or array begins.
   *
   * @param count how many elements in a row are equal to this one, itself included
   */
  void begin(String name, long count, KernelObject object);

  /**
   * A value.
   *
   * @param count how many elements in a row are equal to this one, itself included
   */
  void value(String name, long count, KernelObject object, Value value);

  /** What began last ends, {@code left} of its members or elements left out. */
  void end(long left);
}
