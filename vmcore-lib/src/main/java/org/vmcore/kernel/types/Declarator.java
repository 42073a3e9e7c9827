package org.vmcore.kernel.types;

import java.util.ArrayList;
import java.util.List;
import org.vmcore.memory.VmcoreException;

/** Puts a type and a name together as C declares them: from the name outward. */
final class Declarator {
  private static final String ANONYMOUS = " {...}";

  private final StringBuilder text;
  private final List<String> words = new ArrayList<>();
  private final boolean isParameter;
  private int depth;

  private Declarator(String name, boolean isParameter) {
    this.text = new StringBuilder(name);
    this.isParameter = isParameter;
  }

  /** {@code type} with {@code name}, which may be empty. */
  static String of(Type type, String name) throws VmcoreException {
    return new Declarator(name, false).around(type);
  }

  private String around(Type outer) throws VmcoreException {
    boolean isPointer = false;
    Type type = outer;
    while (true) {
      if (depth++ == Type.MAX_DEPTH) {
        throw VmcoreException.of("BTF", "a type refers to itself, or is nested too deeply");
      }
      if (type instanceof PointerType pointer) {
        text.insert(0, qualifiers("*"));
        isPointer = true;
        type = pointer.target();
      } else if (type instanceof QualifiedType qualified) {
        String word = qualified.qualifier().keyword();
        if (!word.isEmpty()) {
          words.add(word);
        }
        type = qualified.target();
      } else if (type instanceof ArrayType array) {
        enclose(isPointer);
        isPointer = false;
        text.append(array.count() == 0 ? "[]" : "[" + array.count() + "]");
        type = array.element();
      } else if (type instanceof FunctionType function) {
        enclose(isPointer);
        isPointer = false;
        text.append(parameters(function));
        type = function.result();
      } else {
        return qualifiers(base(type)) + behind();
      }
    }
  }

  /** A pointer to an array or a function has parentheses. */
  private void enclose(boolean isPointer) {
    if (isPointer) {
      text.insert(0, '(').append(')');
    }
  }

  /** {@code word} with the qualifiers met since: those of a pointer stand behind its star. */
  private String qualifiers(String word) {
    if (words.isEmpty()) {
      return word;
    }
    String all = String.join(" ", words);
    words.clear();
    if (!word.equals("*")) {
      return all + " " + word;
    }
    return text.isEmpty() || text.charAt(0) == ')' ? word + " " + all : word + " " + all + " ";
  }

  private String behind() {
    return text.isEmpty() ? "" : " " + text;
  }

  /** Those of a parameter that is a function itself are left out: types may go round in circles. */
  private String parameters(FunctionType function) throws VmcoreException {
    if (isParameter) {
      return "()";
    }
    StringBuilder all = new StringBuilder("(");
    for (FunctionType.Parameter parameter : function.parameters()) {
      all.append(all.length() == 1 ? "" : ", ");
      all.append(new Declarator("", true).around(parameter.type()));
    }
    if (function.isVariadic()) {
      all.append(all.length() == 1 ? "..." : ", ...");
    }
    return all.append(all.length() == 1 ? "void)" : ")").toString();
  }

  /** The name of a type that is made of no other ones. */
  static String base(Type type) {
    if (type instanceof IntType number) {
      return number.keyword();
    }
    if (type instanceof TypedefType named) {
      return named.alias();
    }
    if (type instanceof StructType struct) {
      return tagged(struct.keyword(), struct.tag());
    }
    if (type instanceof EnumType values) {
      return tagged("enum", values.tag());
    }
    if (type instanceof ForwardType declared) {
      return tagged(declared.isUnion() ? "union" : "struct", declared.tag());
    }
    if (type instanceof FloatType number) {
      return number.keyword();
    }
    return type instanceof VoidType ? "void" : "?";
  }

  private static String tagged(String keyword, String tag) {
    return keyword + (tag.isEmpty() ? ANONYMOUS : " " + tag);
  }
}
