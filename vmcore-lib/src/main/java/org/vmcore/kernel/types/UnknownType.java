package org.vmcore.kernel.types;

/** The type of a member of which only the place is known, as VMCOREINFO tells it. */
public enum UnknownType implements Type {
  UNKNOWN;

  @Override
  public long size() {
    return 0;
  }
}
