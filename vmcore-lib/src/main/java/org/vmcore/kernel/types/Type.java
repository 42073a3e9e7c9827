package org.vmcore.kernel.types;

import org.vmcore.memory.VmcoreException;

/**
 * A type of the kernel's.
 *
 * <p>What it is made of is decoded when it is asked for; where the table of types is damaged there,
 * a {@link VmcoreException} says so.
 */
public sealed interface Type
    permits VoidType,
        IntType,
        FloatType,
        EnumType,
        PointerType,
        ArrayType,
        StructType,
        TypedefType,
        QualifiedType,
        FunctionType,
        ForwardType,
        UnknownType {
  /** How many types may refer to each other one by one, as typedefs and arrays do. */
  int MAX_DEPTH = 64;

  /**
   * Its size in bytes; 0 of what has none: void, functions, what is only declared.
   *
   * @throws VmcoreException when the table of types is damaged there
   */
  long size() throws VmcoreException;

  /**
   * As C names it without a variable: {@code struct list_head}, {@code char [16]}, {@code void
   * (*)(int)}.
   *
   * @throws VmcoreException when the table of types is damaged there
   */
  default String name() throws VmcoreException {
    return Declarator.of(this, "");
  }

  /**
   * As C declares something of this type: {@code struct list_head tasks}, {@code char comm[16]},
   * {@code void (*func)(int)}.
   *
   * @throws VmcoreException when the table of types is damaged there
   */
  default String declaring(String name) throws VmcoreException {
    return Declarator.of(this, name);
  }

  /**
   * This type without typedefs and qualifiers around it.
   *
   * @throws VmcoreException when the table of types is damaged there
   */
  default Type plain() throws VmcoreException {
    Type type = this;
    for (int depth = 0; depth < MAX_DEPTH; depth++) {
      // No switch over types here or where values are read: its bootstrap loads fifty classes.
      if (type instanceof TypedefType named) {
        type = named.target();
      } else if (type instanceof QualifiedType qualified) {
        type = qualified.target();
      } else {
        return type;
      }
    }
    throw tooDeep();
  }

  /** The fault of a type that refers to itself. */
  private VmcoreException tooDeep() {
    String name = this instanceof TypedefType named ? named.alias() : "a type";
    return VmcoreException.of("BTF", name + ": refers to itself, or is nested too deeply");
  }
}
