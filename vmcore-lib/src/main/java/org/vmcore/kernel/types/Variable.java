package org.vmcore.kernel.types;

import org.vmcore.memory.VmcoreException;

/**
 * A variable of which the table of types tells: those of the per-CPU section.
 *
 * <p>Source: BTF_KIND_DATASEC and BTF_KIND_VAR, Documentation/bpf/btf.rst.
 */
public final class Variable {
  private final TypeTable types;
  private final String name;
  private final int type;
  private final long offset;
  private final long size;

  public Variable(TypeTable types, String name, int type, long offset, long size) {
    this.types = types;
    this.name = name;
    this.type = type;
    this.offset = offset;
    this.size = size;
  }

  public String name() {
    return name;
  }

  /**
   * Its type.
   *
   * @throws VmcoreException when the table of types is damaged there
   */
  public Type type() throws VmcoreException {
    return types.type(type);
  }

  /** The number of its type in the table of types. */
  public int typeId() {
    return type;
  }

  /** Where it lies in its section, in bytes. */
  public long offset() {
    return offset;
  }

  /** In bytes. */
  public long size() {
    return size;
  }
}
