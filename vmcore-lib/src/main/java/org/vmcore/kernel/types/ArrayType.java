package org.vmcore.kernel.types;

import org.vmcore.memory.VmcoreException;

/** An array. */
public final class ArrayType implements Type {
  private final TypeTable types;
  private final int element;
  private final long count;

  public ArrayType(TypeTable types, int element, long count) {
    this.types = types;
    this.element = element;
    this.count = count;
  }

  /**
   * What it is an array of.
   *
   * @throws VmcoreException when the table of types is damaged there
   */
  public Type element() throws VmcoreException {
    return types.type(element);
  }

  /** How many there are; 0 of a flexible array. */
  public long count() {
    return count;
  }

  /**
   * The size of one of them.
   *
   * @throws VmcoreException when the table of types is damaged there
   */
  public long elementSize() throws VmcoreException {
    Type type = element().plain();
    long factor = 1;
    for (int depth = 0; type instanceof ArrayType inner; depth++) {
      if (depth == MAX_DEPTH) {
        throw types.fault(element, "nested too deeply");
      }
      factor = Math.multiplyHigh(factor, inner.count) == 0 ? factor * inner.count : -1;
      type = inner.element().plain();
    }
    long size = type.size();
    if (factor < 0 || Math.multiplyHigh(factor, size) != 0 || factor * size < 0) {
      throw types.fault(element, "an array larger than memory");
    }
    return factor * size;
  }

  @Override
  public long size() throws VmcoreException {
    long each = elementSize();
    if (Math.multiplyHigh(each, count) != 0 || each * count < 0) {
      throw types.fault(element, "an array larger than memory");
    }
    return each * count;
  }
}
