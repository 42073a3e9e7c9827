package org.vmcore.kernel.declaration;

import org.vmcore.kernel.types.ArrayType;
import org.vmcore.kernel.types.EnumType;
import org.vmcore.kernel.types.EnumType.Enumerator;
import org.vmcore.kernel.types.FunctionType;
import org.vmcore.kernel.types.PointerType;
import org.vmcore.kernel.types.QualifiedType;
import org.vmcore.kernel.types.QualifiedType.Qualifier;
import org.vmcore.kernel.types.StructType;
import org.vmcore.kernel.types.Type;
import org.vmcore.memory.VmcoreException;

/** Writes a type and the name of what has it. */
final class MemberTypes {
  private final StringBuilder out;
  private final StructWriter structs;
  private final TypeWords words = new TypeWords();
  private int depth;

  MemberTypes(StringBuilder out, StructWriter structs) {
    this.out = out;
    this.structs = structs;
  }

  TypeWords words() {
    return words;
  }

  /** What is damaged is written as a question mark. */
  void write(Type type, String name, Style style, boolean isPacked) {
    int from = out.length();
    try {
      declare(type, name, style, isPacked);
    } catch (VmcoreException e) {
      out.setLength(from);
      plain("?", name, style.typeWidth());
      structs.unknown(e);
    }
  }

  private void plain(String type, String name, int width) {
    out.append(TypeWords.padded(type, width)).append(' ').append(name);
  }

  private void declare(Type type, String name, Style style, boolean isPacked)
      throws VmcoreException {
    if (depth == Type.MAX_DEPTH) {
      throw VmcoreException.of("BTF", "a type refers to itself, or is nested too deeply");
    }
    depth++;
    try {
      dispatch(type, name, style, isPacked);
    } finally {
      depth--;
    }
  }

  private void dispatch(Type type, String name, Style style, boolean isPacked)
      throws VmcoreException {
    if (type instanceof StructType struct) {
      struct(struct, name, style, isPacked);
    } else if (type instanceof PointerType pointer) {
      pointer(pointer, name, style);
    } else if (type instanceof EnumType values) {
      enumeration(values, name, style);
    } else if (type instanceof ArrayType array) {
      array(array, name, style);
    } else if (type instanceof QualifiedType inner) {
      qualified(inner, name, style);
    } else if (type instanceof FunctionType function) {
      out.append(words.function(function, "(" + name + ")", style.typeWidth()));
    } else {
      plain(words.of(type), name, style.typeWidth());
    }
  }

  private void struct(StructType struct, String name, Style style, boolean isPacked) {
    if (struct.tag().isEmpty()) {
      structs.nested(struct, style.narrower(), suffix(name), isPacked);
    } else {
      tagged(struct.keyword(), struct.tag(), name, style);
    }
  }

  private void tagged(String keyword, String tag, String name, Style style) {
    out.append(keyword).append(' ');
    plain(tag, name, style.typeWidth() - keyword.length() - 1);
  }

  private static String suffix(String name) {
    return name.isEmpty() ? "" : " " + name;
  }

  private void enumeration(EnumType values, String name, Style style) {
    if (values.tag().isEmpty()) {
      values(values, style.tabs(), suffix(name));
    } else {
      tagged("enum", values.tag(), name, style);
    }
  }

  /** An enumeration with its values. */
  void values(EnumType type, String tabs, String suffix) {
    out.append("enum").append(type.tag().isEmpty() ? "" : " ").append(type.tag());
    if (type.values().isEmpty()) {
      return;
    }
    int width = 0;
    for (Enumerator each : type.values()) {
      width = Math.max(width, each.name().length());
    }
    out.append(" {\n");
    for (Enumerator each : type.values()) {
      out.append(tabs).append('\t').append(TypeWords.padded(each.name(), width)).append(" = ");
      out.append(
          type.isSigned() ? Long.toString(each.value()) : Long.toUnsignedString(each.value()));
      out.append(",\n");
    }
    out.append(tabs).append('}');
    out.append(type.size() == Integer.BYTES ? "" : " __attribute__((__packed__))").append(suffix);
  }

  private void pointer(PointerType pointer, String name, Style style) throws VmcoreException {
    Type target = pointer.target();
    for (int depth = 0; depth < Type.MAX_DEPTH && isTag(target); depth++) {
      target = ((QualifiedType) target).target();
    }
    if (target instanceof FunctionType function) {
      out.append(words.function(function, "(*" + name + ")", style.typeWidth()));
    } else if (target instanceof StructType struct && struct.tag().isEmpty()) {
      structs.nested(struct, style.narrower().narrower().relative(), " * " + name, false);
    } else if (target instanceof EnumType values && values.tag().isEmpty()) {
      values(values, style.tabs(), " * " + name);
    } else {
      plain(words.of(pointer), name, style.typeWidth());
    }
  }

  private static boolean isTag(Type type) {
    return type instanceof QualifiedType inner && inner.qualifier() == Qualifier.TAG;
  }

  private void qualified(QualifiedType type, String name, Style style) throws VmcoreException {
    switch (type.qualifier()) {
      case TAG -> declare(type.target(), name, style, false);
      case CONST -> {
        out.append("const ");
        declare(type.target(), name, style.of(6), false);
      }
      default -> plain(words.of(type), name, style.typeWidth());
    }
  }

  private void array(ArrayType outer, String name, Style style) throws VmcoreException {
    boolean isFlexible = style.isLast() && !style.isFirst() && !style.isInUnion();
    StringBuilder counts = new StringBuilder();
    counts.append(outer.count() == 0 && isFlexible ? "[]" : "[" + outer.count() + "]");
    Type element = outer.element();
    for (int i = 0; i < Type.MAX_DEPTH && element instanceof ArrayType inner; i++) {
      counts.append('[').append(inner.count()).append(']');
      element = inner.element();
    }
    if (outer.count() == 0
        && element instanceof QualifiedType inner
        && inner.qualifier() == Qualifier.CONST) {
      element = inner.target(); // as pahole does
    }
    declare(element, name, style, false);
    out.append(counts);
  }
}
