package org.vmcore.kernel.types;

/** No type: {@code void}. */
public final class VoidType implements Type {
  /** The only one there is. */
  public static final VoidType VOID = new VoidType();

  private VoidType() {}

  @Override
  public long size() {
    return 0;
  }

  @Override
  public String toString() {
    return "void";
  }
}
