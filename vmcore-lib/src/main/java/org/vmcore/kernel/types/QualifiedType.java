package org.vmcore.kernel.types;

import org.vmcore.memory.VmcoreException;

/** A type with a qualifier or a tag. */
public final class QualifiedType implements Type {
  /** What it adds to a type. */
  public enum Qualifier {
    CONST("const"),
    VOLATILE("volatile"),
    RESTRICT("restrict"),
    /** {@code __attribute__((btf_type_tag("user")))}; C programs have a macro for it. */
    TAG("");

    private final String keyword;

    Qualifier(String keyword) {
      this.keyword = keyword;
    }

    /** As C has it; empty of a tag. */
    public String keyword() {
      return keyword;
    }
  }

  private final TypeTable types;
  private final Qualifier qualifier;
  private final String tag;
  private final int target;

  public QualifiedType(TypeTable types, Qualifier qualifier, String tag, int target) {
    this.types = types;
    this.qualifier = qualifier;
    this.tag = tag;
    this.target = target;
  }

  public Qualifier qualifier() {
    return qualifier;
  }

  /** Of a tag its text: {@code user}, {@code percpu}, {@code rcu}. */
  public String tag() {
    return tag;
  }

  /**
   * The type without it.
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
