package org.vmcore.kernel.types;

/**
 * A structure or union that is only declared.
 *
 * @param tag its name
 */
public record ForwardType(String tag, boolean isUnion) implements Type {
  @Override
  public long size() {
    return 0;
  }
}
