package org.vmcore.kernel.declaration;

import org.vmcore.kernel.types.ArrayType;
import org.vmcore.kernel.types.EnumType;
import org.vmcore.kernel.types.FunctionType;
import org.vmcore.kernel.types.PointerType;
import org.vmcore.kernel.types.QualifiedType;
import org.vmcore.kernel.types.QualifiedType.Qualifier;
import org.vmcore.kernel.types.StructType;
import org.vmcore.kernel.types.Type;
import org.vmcore.kernel.types.TypedefType;
import org.vmcore.memory.VmcoreException;

/** Types as pahole names them in front of a member's name, spaces included. */
final class TypeWords {
  /** Steps through types for one name: a damaged table may nest functions in functions. */
  private static final int MAX_STEPS = 1 << 12;

  private int left;

  String of(Type type) throws VmcoreException {
    left = MAX_STEPS;
    return of(type, 0);
  }

  private String of(Type type, int depth) throws VmcoreException {
    if (depth == Type.MAX_DEPTH || left-- <= 0) {
      throw VmcoreException.of("BTF", "a type refers to itself, or is nested too deeply");
    }
    if (type instanceof PointerType pointer) {
      return pointer(pointer.target(), depth);
    }
    if (type instanceof TypedefType named) {
      return named.alias();
    }
    if (type instanceof QualifiedType qualified) {
      return qualified(qualified, depth);
    }
    if (type instanceof ArrayType array) {
      return of(array.element(), depth + 1);
    }
    return type instanceof FunctionType function
        ? function(function, "()", 0, depth)
        : tagless(type);
  }

  /** Where it has no tag there is a space. */
  private static String tagless(Type type) throws VmcoreException {
    if (type instanceof StructType struct) {
      return struct.keyword() + " " + struct.tag();
    }
    return type instanceof EnumType values ? "enum " + values.tag() : type.name();
  }

  private String pointer(Type target, int depth) throws VmcoreException {
    return target instanceof QualifiedType inner
            && inner.qualifier() == Qualifier.CONST
            && inner.target() instanceof PointerType pointer
        ? of(pointer, depth + 1) + " const *"
        : of(target, depth + 1) + " *";
  }

  private String qualified(QualifiedType type, int depth) throws VmcoreException {
    String inner = of(type.target(), depth + 1);
    return switch (type.qualifier()) {
      case CONST -> "const " + inner + " ";
      case VOLATILE -> "volatile " + inner + " ";
      case RESTRICT -> inner + " restrict ";
      case TAG -> inner;
    };
  }

  /**
   * A function.
   *
   * @param name its name, with parentheses where it isn't a function's own
   * @param width of what it returns
   */
  String function(FunctionType function, String name, int width) throws VmcoreException {
    left = MAX_STEPS;
    return function(function, name, width, 0);
  }

  private String function(FunctionType function, String name, int width, int depth)
      throws VmcoreException {
    StringBuilder text = new StringBuilder(padded(of(function.result(), depth + 1), width));
    text.append(' ').append(name).append('(');
    int first = text.length();
    for (FunctionType.Parameter parameter : function.parameters()) {
      text.append(text.length() == first ? "" : ", ").append(parameter(parameter, depth + 1));
    }
    if (text.length() == first) {
      return text.append("void)").toString();
    }
    return text.append(function.isVariadic() ? ", ...)" : ")").toString();
  }

  private String parameter(FunctionType.Parameter parameter, int depth) throws VmcoreException {
    Type type = parameter.type();
    if (type instanceof PointerType pointer && pointer.target() instanceof FunctionType function) {
      return function(function, "(*" + parameter.name() + ")", 0, depth);
    }
    String name = parameter.name();
    return of(type, depth) + (name.isEmpty() ? "" : " " + name);
  }

  /** As printf pads, which takes a negative width for a positive one. */
  static String padded(String text, int width) {
    int spaces = Math.abs(width) - text.length();
    return spaces > 0 ? text + " ".repeat(spaces) : text;
  }
}
