package org.vmcore.kernel.types;

/** The type of a member of which only the place is known, as VMCOREINFO tells it. */
public final class UnknownType implements Type {
  /** The only one there is. */
  public static final UnknownType UNKNOWN = new UnknownType();

  private UnknownType() {}

  @Override
  public long size() {
    return 0;
  }

  @Override
  public String toString() {
    return "unknown";
  }
}
