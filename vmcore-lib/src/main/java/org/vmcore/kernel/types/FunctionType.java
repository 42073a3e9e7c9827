package org.vmcore.kernel.types;

import java.util.List;
import org.vmcore.memory.VmcoreException;

/** The type of a function. */
public final class FunctionType implements Type {
  private final TypeTable types;
  private final int result;
  private final List<Parameter> parameters;
  private final boolean isVariadic;

  public FunctionType(TypeTable types, int result, List<Parameter> parameters, boolean isVariadic) {
    this.types = types;
    this.result = result;
    this.parameters = List.copyOf(parameters);
    this.isVariadic = isVariadic;
  }

  /** A parameter. */
  public static final class Parameter {
    private final TypeTable types;
    private final String name;
    private final int type;

    public Parameter(TypeTable types, String name, int type) {
      this.types = types;
      this.name = name;
      this.type = type;
    }

    /** Its name; empty where the table doesn't tell. */
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
  }

  /**
   * The type of what it returns.
   *
   * @throws VmcoreException when the table of types is damaged there
   */
  public Type result() throws VmcoreException {
    return types.type(result);
  }

  public List<Parameter> parameters() {
    return parameters;
  }

  /** Whether more arguments may follow. */
  public boolean isVariadic() {
    return isVariadic;
  }

  @Override
  public long size() {
    return 0;
  }
}
