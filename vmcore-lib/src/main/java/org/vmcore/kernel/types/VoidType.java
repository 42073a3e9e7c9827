package org.vmcore.kernel.types;

/** No type: {@code void}. */
public enum VoidType implements Type {
  VOID;

  @Override
  public long size() {
    return 0;
  }
}
