package org.vmcore.kernel.types;

import org.vmcore.memory.VmcoreException;

/** A pointer. */
public final class PointerType implements Type {
  private final TypeTable types;
  private final int target;

  public PointerType(TypeTable types, int target) {
    this.types = types;
    this.target = target;
  }

  /**
   * What it points to.
   *
   * @throws VmcoreException when the table of types is damaged there
   */
  public Type target() throws VmcoreException {
    return types.type(target);
  }

  @Override
  public long size() {
    return types.pointerSize();
  }
}
