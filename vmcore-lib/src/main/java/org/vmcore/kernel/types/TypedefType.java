package org.vmcore.kernel.types;

import org.vmcore.memory.VmcoreException;

/** Another name of a type. */
public final class TypedefType implements Type {
  private final TypeTable types;
  private final String alias;
  private final int target;

  public TypedefType(TypeTable types, String alias, int target) {
    this.types = types;
    this.alias = alias;
    this.target = target;
  }

  /** The name: {@code pid_t}. */
  public String alias() {
    return alias;
  }

  /**
   * The type that is named.
   *
   * @throws VmcoreException when the table of types is damaged there
   */
  public Type target() throws VmcoreException {
    return types.type(target);
  }

  @Override
  public long size() throws VmcoreException {
    return plain().size();
  }
}
