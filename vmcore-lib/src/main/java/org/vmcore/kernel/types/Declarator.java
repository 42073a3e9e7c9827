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
      switch (type) {
        case PointerType pointer -> {
          text.insert(0, qualifiers("*"));
          isPointer = true;
          type = pointer.target();
        }
        case QualifiedType qualified -> {
          String word = qualified.qualifier().keyword();
          if (!word.isEmpty()) {
            words.add(word);
          }
          type = qualified.target();
        }
        case ArrayType array -> {
          enclose(isPointer);
          isPointer = false;
          text.append(array.count() == 0 ? "[]" : "[" + array.count() + "]");
          type = array.element();
        }
        case FunctionType function -> {
          enclose(isPointer);
          isPointer = false;
          text.append(parameters(function));
          type = function.result();
        }
        default -> {
          return qualifiers(base(type)) + behind();
        }
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

  private static String base(Type type) {
    return switch (type) {
      case IntType number -> number.keyword();
      case FloatType number -> number.keyword();
      case TypedefType named -> named.alias();
      case StructType struct -> tagged(struct.keyword(), struct.tag());
      case EnumType values -> tagged("enum", values.tag());
      case ForwardType declared -> tagged(declared.isUnion() ? "union" : "struct", declared.tag());
      case VoidType _ -> "void";
      case UnknownType _ -> "?";
      default -> throw new IllegalStateException(type.toString());
    };
  }

  private static String tagged(String keyword, String tag) {
    return keyword + (tag.isEmpty() ? ANONYMOUS : " " + tag);
  }
}
